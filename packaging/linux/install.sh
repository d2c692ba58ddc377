#!/bin/sh
# Installs Ravine for this user, without root: ./install.sh [--prefix DIR] | ./install.sh --remove [--prefix DIR]
#
# The program goes to DIR/lib/ravine (DIR is ~/.local unless given), its two commands to DIR/bin, the entry in the
# menu, icons and the file type to DIR/share. Ravine also runs from where it was unpacked, uninstalled: ./ravine
# Runs and settings are never touched, neither by installing nor by removing.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
prefix=${HOME:?is not set}/.local
action=install

usage() {
    sed -n '2,6s/^# \{0,1\}//p' "$0"
}

while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ $# -ge 2 ] || { usage >&2; exit 2; }; prefix=$2; shift ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --remove) action=remove ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac

program=$prefix/lib/ravine
share=$prefix/share

remove() {
    [ -e "$program/.ravine-installed" ] || return 0
    (cd "$program/share" && find . -type f | sed 's|^\./||') | while IFS= read -r file; do
        rm -f "$share/$file"
    done
    for name in ravine ravine-engine; do
        [ ! -L "$prefix/bin/$name" ] || rm -f "$prefix/bin/$name"
    done
    rm -rf "$program"
}

# What menus and file managers keep of what they have read; a system without these tools reads the files anew.
refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$share/applications" || true
    fi
    if command -v update-mime-database >/dev/null 2>&1; then
        update-mime-database "$share/mime" >/dev/null 2>&1 || true
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then
        gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true
    fi
}

# A path as one quoted word of a desktop entry: first its own escapes, then those of every value.
desktop_word() {
    printf '"%s"' "$(printf '%s' "$1" | sed -e 's/[`"$\\]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')"
}

install_entry() {
    word=$(desktop_word "$program/ravine")
    while IFS= read -r line; do
        case $line in
            Exec=*) printf 'Exec=%s %%f\n' "$word" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$here/share/applications/org.ravine.workbench.desktop" >"$share/applications/org.ravine.workbench.desktop"
}

if [ "$action" = remove ]; then
    if [ ! -e "$program/.ravine-installed" ]; then
        printf 'Ravine is not installed in %s.\n' "$prefix" >&2
        exit 1
    fi
    remove
    refresh
    printf 'Ravine was removed from %s. Runs and settings were kept.\n' "$prefix"
    exit 0
fi

if [ "$here" = "$program" ]; then
    printf 'This is the installed Ravine. Run the install.sh of the folder that was unpacked.\n' >&2
    exit 2
fi
if [ -e "$program" ] && [ ! -e "$program/.ravine-installed" ]; then
    printf '%s is there and was not made by this script; choose another place with --prefix.\n' "$program" >&2
    exit 2
fi
remove
mkdir -p "$prefix/lib" "$prefix/bin" "$share"
mkdir "$program"
: >"$program/.ravine-installed"
cp -R "$here/." "$program/"
chmod -R u+w "$program"
cp -R "$here/share/." "$share/"
install_entry
ln -sf "$program/ravine" "$prefix/bin/ravine"
ln -sf "$program/ravine-engine" "$prefix/bin/ravine-engine"
refresh
printf 'Ravine is installed in %s and stands in the menu. Command: %s\n' "$program" "$prefix/bin/ravine"
case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) printf '(%s is not on PATH; programs are found there after the next login on most systems.)\n' "$prefix/bin" ;;
esac
