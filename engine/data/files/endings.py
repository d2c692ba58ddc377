"""The endings of the names of files, by the reader that reads them. The one list of them.

A source says in `Source.endings` which of them it reads.
"""

from __future__ import annotations

TEXT = (".csv", ".tsv", ".tab", ".txt", ".data", ".dat", ".asc")
EXCEL = (".xlsx", ".xlsm", ".xltx", ".xltm")
PARQUET = (".parquet", ".pq")
JSON = (".json", ".jsonl", ".ndjson", ".geojson")
WEKA = (".arff",)
ARRAY = (".npy",)
TABLES = (*TEXT, *EXCEL, *PARQUET, *JSON, *WEKA, *ARRAY)

SERIES = (".ts",)
SOUND = (".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aif", ".aiff")
"""Recordings that are not read; a folder of them is told so."""
TAGGED = (".conll", ".conllu", ".conll03", ".bio", ".bio2", ".iob", ".iob2", ".bmes", ".bioes")
# .tra and .tes are endings of UCI, .testa and .testb those of CoNLL-2003
PARTS = (".train", ".dev", ".valid", ".test", ".testa", ".testb", ".tra", ".tes", ".annotated")
"""Plain text named after the part of the data it is, as published sets are."""

PROSE = (".txt", ".text", ".tokens", ".md", ".markdown", ".rst")
MARKUP = (".html", ".htm", ".xhtml")
SUBTITLES = (".srt", ".vtt", ".ass", ".ssa", ".lrc")
TEXTS = (*PROSE, *MARKUP, *SUBTITLES)
"""Running text."""

# two letters as in ISO 639-1, and three, where a language has two such codes both: fra and fre, deu and ger
_CODES = """
af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km
kn ko ky la lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl
tr uk ur uz vi zh eng fra fre deu ger spa ita por nld dut rus jpn zho chi kor ara tur pol swe
"""
LANGUAGES = frozenset(_CODES.split())
"""Codes of languages, which end the names of texts and their translations, as news.de."""

_NAMES = """
english spanish french german italian portuguese dutch chinese japanese korean russian arabic hindi turkish
polish swedish danish norwegian finnish greek latin
"""
LANGUAGE_NAMES = frozenset(_NAMES.split())
"""Languages as they are called in English: columns and files of texts bear their names."""

OTHER_PROGRAMS = {
    ".xls": "an old Excel file",
    ".xlsb": "a binary Excel file",
    ".ods": "an OpenDocument sheet",
    ".numbers": "a Numbers sheet",
    ".sav": "an SPSS file",
    ".dta": "a Stata file",
    ".sas7bdat": "a SAS file",
    ".rds": "an R file",
    ".rdata": "an R file",
    ".mat": "a MATLAB file",
    ".feather": "a Feather file",
    ".arrow": "an Arrow file, as the datasets library saves them",
    ".h5": "an HDF5 file",
    ".hdf5": "an HDF5 file",
    ".db": "a database",
    ".sqlite": "an SQLite database",
    ".pkl": "a Python pickle, opening which could run any program",
    ".gpx": "a GPS track in XML",
    ".kml": "places in XML",
    ".tcx": "a training log in XML",
    ".fit": "a log of a sports watch",
    ".edf": "a recording of signals (EDF)",
    ".nc": "a NetCDF file",
    ".npz": "a file of NumPy arrays",
    ".xml": "an XML file",
    ".tmx": "a translation memory in XML",
    ".xliff": "translations in XML",
    ".xlf": "translations in XML",
    ".po": "the texts of a program with their translations (gettext)",
    ".shp": "a shapefile of maps",
    ".sql": "commands for a database",
}
"""Tables of other programs, and what to call them where they are refused."""

ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz")
"""Files that hold others, which have to be unpacked."""

ARRAYS = (".mat", ".h5", ".hdf5", ".nc", ".npz")
"""Those of them that may as well hold pictures."""

DOCUMENTS = {
    ".doc": "an old Word document",
    ".docx": "a Word document",
    ".odt": "an OpenDocument text",
    ".rtf": "a text in RTF",
    ".pdf": "a PDF document",
    ".epub": "an electronic book",
    ".eml": "an e-mail",
    ".msg": "an e-mail of Outlook",
}
"""Texts of other programs, and what to call them where they are refused."""

_IMAGES = """
.png .apng .jpg .jpeg .jpe .jfif .bmp .dib .gif .tif .tiff .webp .ppm .pgm .pbm .pnm .jp2 .j2k .jpx .avif
"""

IMAGES = frozenset(_IMAGES.split())
"""Endings of pictures that can be read."""

# Pillow reads them only with a plugin that is not shipped
TELEPHONE = frozenset({".heic", ".heif"})
"""Endings of pictures of telephones that cannot be read."""

OTHER_IMAGES = {
    **dict.fromkeys((".dcm", ".dicom"), "medical pictures (DICOM)"),
    ".nii": "volumes of a scanner (NIfTI)",
    **dict.fromkeys((".svs", ".czi", ".nd2"), "pictures of a microscope"),
    **dict.fromkeys((".cr2", ".nef", ".arw", ".dng"), "raw pictures of a camera"),
    ".psd": "drawings of Photoshop",
    ".svg": "drawings made of lines (SVG)",
}
"""Pictures of instruments, cameras and drawing programs that cannot be read, and what to call them."""

VIDEO = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".flv", ".m4v")
"""Films, which are not read."""
