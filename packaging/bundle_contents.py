"""What goes into the installed program, and what stays out because no feature uses it.

Rules on names alone, so that they can be tested without building; `bundle/ravine.spec` applies them.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

# What other packages require and we never reach: fetching files (tokenizers), files on other machines
# and locks of the compiler (torch), pages of tables (pandas, torch's compiler).
PACKAGES_LEFT_OUT = ("filelock", "fsspec", "huggingface-hub", "jinja2", "markupsafe")

# Imports that other packages try and go on without, and parts of packages that nothing of ours reaches.
EXCLUDED_MODULES = (
    "IPython",
    "PyInstaller",
    "curses",
    "ensurepip",
    "fastparquet",
    "PySide6.QtNetwork",  # nothing here speaks to another machine
    # what the packages left out consist of, and what only they need
    "filelock",
    "fsspec",
    "jinja2",
    "markupsafe",
    "huggingface_hub",
    "hf_xet",
    "httpcore2",
    "httpx2",
    "anyio",
    "h11",
    "tqdm",
    "truststore",
    "yaml",
    "idlelib",
    "lib2to3",
    "matplotlib",
    "numba",
    "numpy.f2py",
    "numpy.tests",
    "onnx",
    "onnxruntime",
    "pip",
    "pydoc_data",
    "pytest",
    "scipy",
    "setuptools",
    "pkg_resources",
    "sklearn",
    "sqlalchemy",
    "tables",
    "tensorboard",
    "tkinter",
    "torchvision",
    "triton",
    "turtledemo",
    "xarray",
    # parts of pyarrow: file systems on other machines, a query engine, and a server
    "pyarrow._acero",
    "pyarrow._azurefs",
    "pyarrow._dataset",
    "pyarrow._dataset_orc",
    "pyarrow._dataset_parquet",
    "pyarrow._dataset_parquet_encryption",
    "pyarrow._flight",
    "pyarrow._gcsfs",
    "pyarrow._hdfs",
    "pyarrow._orc",
    "pyarrow._pyarrow_cpp_tests",
    "pyarrow._s3fs",
    "pyarrow._substrait",
    "pyarrow.tests",
    # formats of pictures that are not read
    "PIL._avif",
    # parts of pyqtgraph that need more than Qt's widgets, and the module of Qt that only its tests need
    "OpenGL",
    "PySide6.QtTest",
    "cupy",
    "h5py",
    "pyqtgraph.console",
    "pyqtgraph.examples",
    "pyqtgraph.exporters",
    "pyqtgraph.flowchart",
    "pyqtgraph.jupyter",
    "pyqtgraph.opengl",
    # tests of other packages
    "mpmath.tests",
    "networkx",
    "numpy.testing.tests",
    "pandas.tests",
    "psutil.tests",
    "sympy.testing",
    # parts of torch: the compiler (the program has none), jobs over many machines, its own tests
    "torch._export.converter",
    "torch._export.db",
    "torch._export.serde",
    "torch._inductor.autoheuristic",
    "torch._inductor.codecache",
    "torch._inductor.codegen",
    "torch._inductor.compile_fx",
    "torch._inductor.cudagraph_trees",
    "torch._inductor.fx_passes",
    "torch._inductor.graph",
    "torch._inductor.ir",
    "torch._inductor.kernel",
    "torch._inductor.lowering",
    "torch._inductor.pattern_matcher",
    "torch._inductor.runtime.triton_heuristics",
    "torch._inductor.scheduler",
    "torch._inductor.select_algorithm",
    "torch._inductor.template_heuristics",
    "torch._vendor.quack",
    "torch.ao.ns",
    "torch.ao.pruning",
    "torch.ao.quantization.fx",
    "torch.distributed._tools",
    "torch.distributed.checkpoint",
    "torch.distributed.elastic",
    "torch.distributed.launcher",
    "torch.distributed.flight_recorder",
    "torch.distributed.optim",
    "torch.distributed.pipelining",
    "torch.testing._internal.common_distributed",
    "torch.testing._internal.common_methods_invocations",
    "torch.testing._internal.common_modules",
    "torch.testing._internal.common_device_type",
    "torch.testing._internal.common_fsdp",
    "torch.testing._internal.common_nn",
    "torch.testing._internal.common_optimizers",
    "torch.testing._internal.common_quantization",
    "torch.testing._internal.common_utils",
    "torch.testing._internal.distributed._tensor",
    "torch.testing._internal.distributed.distributed_test",
    "torch.testing._internal.distributed.rpc",
    "torch.testing._internal.generated",
    "torch.testing._internal.hypothesis_utils",
    "torch.testing._internal.opinfo",
    "torch.testing._internal.optests",
    "torch.utils.benchmark",
    "torch.utils.cpp_extension",
    "torch.utils.hipify",
    "torch.utils.tensorboard",
)

# Qt: what the window draws with stays (pictures, SVG, X11 and Wayland, input methods, portals).
_QT_PLUGINS = (
    "iconengines/qsvgicon",
    "imageformats/qgif",
    "imageformats/qicns",
    "imageformats/qico",
    "imageformats/qjpeg",
    "imageformats/qsvg",
    "imageformats/qtiff",
    "imageformats/qwebp",
    "platforminputcontexts/composeplatforminputcontextplugin",
    "platforminputcontexts/ibusplatforminputcontextplugin",
    "platforms/qcocoa",
    "platforms/qminimal",
    "platforms/qoffscreen",
    "platforms/qwayland",
    "platforms/qwindows",
    "platforms/qxcb",
    "platformthemes/qxdgdesktopportal",
    "styles/qmacstyle",
    "styles/qmodernwindowsstyle",
    "wayland-decoration-client/adwaita",
    "wayland-decoration-client/bradient",
    "wayland-graphics-integration-client/qt-plugin-wayland-egl",
    "wayland-shell-integration/xdg-shell",
    "xcbglintegrations/qxcb-egl-integration",
    "xcbglintegrations/qxcb-glx-integration",
)

# Paths inside the bundle, as PyInstaller names them; `*` also matches a slash.
_UNUSED_FILES = (
    "*.pyi",
    "*.h",
    "*.hpp",
    "*.cuh",
    "*.cmake",
    "*.a",
    "*.lib",
    "*.pxd",
    "*.pyx",
    "*.pxi",
    "*/__pycache__/*",
    "*/tests/*",
    "*/test/*",
    "torch/bin/[!t]*",  # `torch_shm_manager` there is looked for at every start
    "torch/bin/t[!o]*",
    "torch/include/*",
    "torch/share/*",
    "torch/testing/*.py",
    "resources/screenshots/*",  # for the README
    "*/libavif-*",
    "libavif-*",
    "torch/lib/*_test.so",
    "torch/lib/libaoti_custom_ops.*",
    "torch/lib/libbackend_with_compiler.*",
    "pyqtgraph/colors/maps/*",  # scales of colours: ours are in the theme
    "pyarrow/include/*",
    "pyarrow/libarrow_python*.so",  # the same file as .so.2600, which is the name that is asked for
    "pyarrow/libarrow_python*.so.*.*.*",
    "pyarrow/src/*",
    "pyarrow/*libarrow_flight*",
    "pyarrow/*libarrow_python_flight*",
    "pyarrow/*libarrow_s3*",
    "libarrow_flight*",
    "libarrow_python_flight*",
    "libarrow_s3*",
    "PySide6/Qt/qml/*",
    "PySide6/Qt/translations/*",  # the window translates by its own catalogue
    "PySide6/*Qt6Designer*",
    "PySide6/*Qt6EglF[Ss]*",
    "PySide6/*Qt6Network*",
    "PySide6/*Qt6Pdf*",
    "PySide6/*Qt6Qml*",
    "PySide6/*Qt6Quick*",
    "PySide6/*Qt6VirtualKeyboard*",
    "PySide6/*Qt6WaylandCompositor*",
    "PySide6/*Qt6WlShellIntegration*",
    "PySide6/opengl32sw.dll",
    "libQt6Designer*",
    "libQt6EglF[Ss]*",
    "libQt6Network*",
    "libQt6Pdf*",
    "libQt6Qml*",
    "libQt6Quick*",
    "libQt6VirtualKeyboard*",
    "libQt6WlShellIntegration*",
)

# The window's process never loads these, so they are not in its executable.
ENGINE_ONLY = (
    "_pytest",
    "cloudpickle",
    "dateutil",
    "et_xmlfile",
    "functorch",
    "mpmath",
    "networkx",
    "openpyxl",
    "pandas",
    "pyarrow",
    "sympy",
    "tokenizers",
    "torch",
    "torchgen",
)

# Modules of torch that read their own source when they are imported: for settings, and for overloads.
NEED_SOURCES = (
    "torch.functional",
    "torch.nn.functional",
    "torch.nn.modules.rnn",
    "torch.utils.serialization.config",
    "torch._dynamo.config",
    "torch._functorch.config",
    "torch._inductor.config",
    "torch._export.config",
    "torch.compiler.config",
    "torch.distributed.config",
    "torch.fx.experimental._config",
)


def is_shipped(destination: str) -> bool:
    """Whether a file of this path inside the bundle is put there."""
    path = destination.replace("\\", "/")
    if any(fnmatchcase(path, unused) for unused in _UNUSED_FILES):
        return False
    _, found, plugin = path.partition("/plugins/")
    if not found or "PySide6" not in path:
        return True
    return any(_is_plugin(plugin, kept) for kept in _QT_PLUGINS)


def _is_plugin(path: str, kept: str) -> bool:
    """Whether the file is that plugin, under the name it has on any system (libqxcb.so, qwindows.dll)."""
    folder, _, name = kept.rpartition("/")
    where, _, file = path.rpartition("/")
    return where == folder and file.rpartition(".")[0].removeprefix("lib") == name


def belongs_to_window(module: str) -> bool:
    """Whether the window's executable carries this Python module."""
    return module.partition(".")[0] not in ENGINE_ONLY
