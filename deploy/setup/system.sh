#!/usr/bin/env bash
# The compilers and tools that come with the system. Installs what is missing where it may, or says what to install.
#
# usage: system.sh [--tests|--bench]
set -euo pipefail

least_rust=1.95

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

has_libclang() {
    compgen -G "${LIBCLANG_PATH:-/nowhere}/libclang*.so*" >/dev/null ||
        compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib*/libclang.so*' >/dev/null
}

has_postgres() { has postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

# LibreOffice with what reads old files: sw is Writer, sd is Impress.
has_office() { has soffice && [[ -e $(dirname "$(readlink -f "$(command -v soffice)")")/lib$1lo.so ]]; }

# Asked for by what they provide, not by package name, so that other systems and hand-made installations count too.
missing_packages() {
    has make || echo make
    has g++ || echo g++
    has cmake || echo cmake
    has pkg-config || echo pkg-config
    has clang || echo clang
    has_libclang || echo libclang-dev
    has python3 || echo python3
    python3 -c 'import pip' 2>/dev/null || echo python3-pip
    has tesseract || echo tesseract-ocr
    if [[ ${1:-} == --bench ]]; then
        has pdftotext || echo poppler-utils
    fi
    if [[ ${1:-} == --tests ]]; then
        has chromium || echo chromium
        has chromedriver || echo chromium-driver
        has_postgres || echo postgresql
        has strace || echo strace
        has_office sw || echo libreoffice-writer-nogui
        has_office sd || echo libreoffice-impress-nogui
    fi
}

check_rust() {
    local found
    has cargo && has rustc ||
        fail "Set-up found no Rust: install Rust $least_rust or newer (for example with rustup), then run this again."
    found=$(rustc --version | cut -d' ' -f2)
    [[ $(printf '%s\n' "$least_rust" "${found%%-*}" | sort -V | head -n1) == "$least_rust" ]] ||
        fail "Set-up found Rust $found, but Footnote needs $least_rust or newer: run 'rustup update' or install a newer one."
}

install() {
    local log
    has apt-get || fail "Set-up needs what this system lacks ($*, by their Debian names): install that with its package manager, then run this again."
    [[ $(id -u) == 0 ]] ||
        fail "Set-up needs packages that only an administrator can install: have 'apt-get install -y $*' run, then run this again."
    echo "set-up: installing $*"
    log=$(mktemp)
    if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
        fail "Set-up could not install $*: apt-get failed (its output is in $log); check the network, then run this again."
    fi
    rm -f "$log"
}

mapfile -t packages < <(missing_packages "${1:-}")
if ((${#packages[@]})); then
    install "${packages[@]}"
    mapfile -t packages < <(missing_packages "${1:-}")
    ((${#packages[@]} == 0)) || fail "Set-up installed what it needs, but PATH does not lead to it (${packages[*]}): correct PATH, then run this again."
fi
check_rust
