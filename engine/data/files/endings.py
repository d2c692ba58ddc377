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
    ".rda": "an R file",
    ".por": "an SPSS file",
    ".xpt": "a SAS file",
    ".mat": "a MATLAB file",
    ".feather": "a Feather file",
    ".arrow": "an Arrow file, as the datasets library saves them",
    ".h5": "an HDF5 file",
    ".hdf5": "an HDF5 file",
    **dict.fromkeys((".db", ".sqlite", ".sqlite3", ".db3"), "an SQLite database"),
    **dict.fromkeys((".mdb", ".accdb"), "an Access database"),
    ".dbf": "a dBase table",
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib", ".pt", ".pth"),
        "objects of Python (pickle), opening which could run any program",
    ),
    ".tfrecord": "records of TensorFlow",
    ".gsheet": "a link to a sheet of Google, and not the sheet",
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

_OFFICE = "open it in Excel, WPS or LibreOffice, and save it as .xlsx"
_R = "write it as CSV: in R with write.csv"
_POINTS = "write a CSV with a row for each point and a column for each of its values"
_SENTENCES = "write a CSV with a text and its translation in each row"
_PYTHON = "write it as CSV or Parquet with the program that made it (in pandas: to_csv, to_parquet)"
INSTEAD = {
    **dict.fromkeys((".xls", ".xlsb", ".ods"), _OFFICE),
    ".numbers": "in Numbers, choose File > Export To > CSV",
    **dict.fromkeys((".sav", ".por"), "write it as CSV: in SPSS with Save As, or in Python"),
    ".dta": "write it as CSV: in Stata with export delimited, in Python with pandas.read_stata",
    **dict.fromkeys((".sas7bdat", ".xpt"), "write it as CSV: in Python with pandas.read_sas"),
    **dict.fromkeys((".rds", ".rdata", ".rda"), _R),
    ".mat": "write it as CSV: in MATLAB with writematrix or writetable, in Python with scipy.io.loadmat",
    ".feather": "write it as Parquet: in Python with pandas.read_feather and to_parquet",
    ".arrow": "write it as Parquet: in Python with datasets.load_from_disk and to_parquet",
    **dict.fromkeys((".h5", ".hdf5"), "write it as CSV or Parquet: in Python with pandas.read_hdf or h5py"),
    **dict.fromkeys(
        (".db", ".sqlite", ".sqlite3", ".db3"),
        'write the table as CSV: sqlite3 -header -csv FILE "SELECT * FROM TABLE" > TABLE.csv',
    ),
    **dict.fromkeys((".mdb", ".accdb"), "in Access, choose External Data > Excel for the table"),
    ".dbf": _OFFICE,
    ".sql": "load it into the database, and write the table as CSV from there",
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".pt", ".pth"), _PYTHON),
    ".gsheet": "open the sheet, and choose File > Download > Comma-separated values",
    **dict.fromkeys((".gpx", ".kml", ".tcx", ".fit", ".shp"), _POINTS),
    **dict.fromkeys((".tmx", ".xliff", ".xlf", ".po"), _SENTENCES),
    ".xml": "write a CSV with a row for each record and a column for each fact",
}
"""What to do with a table of another program; with those that are not named, what suits any table."""
USUALLY = "save it as .xlsx, .parquet or CSV"

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
