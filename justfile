# The menu: `just --list`.

set shell := ["bash", "-euo", "pipefail", "-c"]

export PATH := justfile_directory() / ".tools/bin" + ":" + env("PATH")

typst := "0.15.1"

# What installs Typst; packages give another, which links for older systems.
typst_installer := "cargo install"

_menu:
    @just --list --unsorted

# Compile every brief into output/
[group('use')]
build *options: _typst fonts
    cargo run --release --locked -- build {{options}}

# Compile, and compile again whenever something is saved, until Ctrl-C
[group('use')]
watch *options: _typst fonts
    cargo run --release --locked -- watch {{options}}

# Report every error in data and prose; writes nothing
[group('use')]
check *options:
    cargo run --release --locked -- check {{options}}

# Create an empty country by its ISO 3166-1 code
[group('use')]
init country:
    cargo run --release --locked -- init {{country}}

# List the figures that differ between two builds, and why; without arguments since the last build
[group('use')]
diff *options:
    cargo run --release --locked -- diff {{options}}

# Say what stands of each document, and what is left to do
[group('use')]
status *options:
    @cargo run --quiet --release --locked -- status {{options}}

# List the figures that prose may name, found by words: `just figures thailand 2017`
[group('use')]
figures *words:
    @cargo run --quiet --release --locked -- figures {{words}}

# Keep what output/ holds as a snapshot, which a later issue names as its `previous`
[group('use')]
keep snapshot:
    @cargo run --quiet --release --locked -- keep {{snapshot}}

# Trace a number: an id, an indicator with year=…, or a number
[group('use')]
explain *query: _typst
    @cargo run --quiet --release --locked -- explain {{query}}

# Write the messages to the donors into output/.mail/; with --live send them
[group('use')]
send *options:
    @cargo run --quiet --release --locked -- send {{options}}

# Run the tests
[group('develop')]
test *options: _typst
    cargo test --release --locked {{options}}

# Run the tests in their real number and size: damaged and extreme files, attacks on protection; half an hour, 4 GB of disk
[group('develop')]
test-long *options: _typst
    TIPBRIEF_LONG=1 cargo test --release --locked {{options}} -- --include-ignored

# Run the tests on the countries of data/ as they stand now, in place of those in tests/series/
[group('develop')]
test-series *options: _typst
    TIPBRIEF_SERIES=data cargo test --release --locked {{options}}

# Fuzz a reader for so many seconds: csv, workbook, declarations, prose, svg, pdf or import
[group('develop')]
fuzz target seconds="60":
    #!/usr/bin/env bash
    set -euo pipefail
    target="{{target}}"
    export RUSTC_WRAPPER="$PWD/fuzz/instrument"
    cargo build --release --locked --manifest-path fuzz/Cargo.toml --target-dir fuzz/target --bin "$target"
    inputs=("fuzz/corpus/$target")
    case "$target" in
        csv) inputs+=(tests/corpus/csv) ;;
        workbook) inputs+=(tests/corpus/{xlsx,ods,xls}) ;;
        declarations) inputs+=(tests/corpus/{toml,json}) ;;
        prose) inputs+=(tests/corpus/typ) ;;
    esac
    mkdir -p "fuzz/found/$target" "fuzz/artifacts/$target"
    "fuzz/target/release/$target" -max_total_time="{{seconds}}" -timeout=10 -rss_limit_mb=3000 -print_final_stats=1 \
        -artifact_prefix="fuzz/artifacts/$target/" "fuzz/found/$target" "${inputs[@]}"

# Write a plausible register of N persons, invented, to stdout
[group('use')]
demo-register persons="2000" seed="1":
    @cargo run --quiet --release --locked --example demo_register -- {{persons}} {{seed}}

# Lay out a project with an invented register of N persons, in a folder of its own
[group('use')]
demo place="demo" persons="1500" seed="1":
    #!/usr/bin/env bash
    set -euo pipefail
    place="{{place}}"
    if [ -e "$place" ]; then echo "$place is there already" >&2; exit 1; fi
    mkdir -p "$place/data"
    cp -r data/schemas data/text tests/projects/register/data/. "$place/data/"
    cp -r templates "$place/"
    echo '/data/**/register/' > "$place/.gitignore"
    cargo run --quiet --release --locked --example demo_register -- {{persons}} {{seed}} \
        > "$place/data/countries/XXA/register/victims.csv"

# Build the gallery, every kind of chart with its edge cases, into a folder outside the repository
[group('develop')]
gallery place="${TMPDIR:-/tmp}/tipbrief-gallery": _typst
    #!/usr/bin/env bash
    set -euo pipefail
    place="{{place}}"
    rm -rf "$place"
    mkdir -p "$place/data"
    cp -r data/schemas data/text tests/projects/gallery/data/. "$place/data/"
    cp -r templates "$place/"
    cargo run --release --locked -- build --root "$place"

# Accept what the tests now see, then look at the difference
[group('develop')]
bless: _typst
    BLESS=1 cargo test --release --locked
    git diff --stat -- tests

# Measure builds and checks against the bare commands, each in one run
[group('develop')]
bench: bench-build bench-read bench-summarise

# Measure reading and checking against plain reading, in one run
[group('develop')]
bench-read *options:
    cargo bench --locked --bench read {{options}}

# Measure counting a register in its engine beside checking its rows, in one run
[group('develop')]
bench-engine *options:
    cargo bench --locked --bench engine {{options}}

# Measure what a mapping costs: a register of ten million cases, and a workbook of the size of the UNODC export
[group('develop')]
bench-import *options:
    cargo bench --locked --bench import -- {{options}}

# Measure summarising a published table against Polars adding up its margins, in one run
[group('develop')]
bench-summarise *options:
    cargo bench --locked --bench summarise -- {{options}}

# Measure a build against the bare Typst command, in one run: one country, and many
[group('develop')]
bench-build *options: _typst
    cargo bench --locked --bench build -- {{options}}

# Measure how the time of each stage grows with the size of a project
[group('develop')]
bench-growth *options:
    cargo bench --locked --bench growth -- {{options}}

# Measure choosing and auditing what is withheld
[group('develop')]
bench-protect *parts:
    cargo bench --locked --bench protect -- {{parts}}

# Measure how much is told of late cases, how near to the truth, and in what time
[group('develop')]
bench-late:
    cargo bench --locked --bench late

# Measure a register of ten years over its releases: what freezes, what is told of late cases, how near to the truth
[group('develop')]
bench-releases:
    cargo bench --locked --bench releases

# Measure the audit of published tables, of several shapes
[group('develop')]
bench-audit:
    cargo bench --locked --bench audit

# Measure reading and judging a workbook against calamine alone, in one run
[group('develop')]
bench-workbook:
    cargo bench --locked --bench workbook

# Check format, shell scripts, clippy and docs, as CI does
[group('develop')]
lint:
    bash .ci/lint

# Format the code
[group('develop')]
fmt:
    cargo fmt

# Exactly what CI runs
[group('develop')]
ci:
    bash .ci/run

# Make the tarball, the Debian package and the wheel for this system, into target/package/
[group('develop')]
package: _typst fonts
    bash packaging/build

# Try the tarball and the Debian package in a bare Debian without Rust and without a network: a new project and its first PDF
[group('develop')]
package-try:
    bash packaging/try

# Remove what a build and the compiler wrote
[group('develop')]
clean:
    rm -rf output/.stamp output/.lock output/.work output/.previous output/.mail output/{manifest.json,index.html,delivery.csv,donors} output/[A-Z][A-Z][A-Z]
    cargo clean

# Put the fonts that languages name into .tools/fonts, where Debian's packages can be had
[group('use')]
fonts again="":
    #!/usr/bin/env bash
    set -euo pipefail
    again="{{again}}"
    sums="$(sed -n 's/^  "\([0-9a-f]\{64\}\)",$/\1/p' data/text/lo.toml)"
    meant() { for sum in $sums; do sha256sum .tools/fonts/*.ttf 2>/dev/null | grep -q "^$sum " || return 1; done; }
    if { [ -z "$again" ] && meant; } || ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then exit 0; fi
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && apt-get download -qq fonts-noto-core >/dev/null 2>&1 && dpkg-deb -x ./*.deb .) || exit 0
    mkdir -p .tools/fonts
    cp "$work"/usr/share/fonts/truetype/noto/NotoSerifLao-{Regular,Bold}.ttf .tools/fonts/
    cp "$work"/usr/share/doc/fonts-noto-core/copyright .tools/fonts/

# The pinned Typst, into .tools/ or another folder, only if none fits
_typst root=".tools":
    #!/usr/bin/env bash
    set -euo pipefail
    fits() {
        local found
        found="$("$1" --version 2>/dev/null | awk '{ print $2 }')" || return 1
        [ -n "$found" ] && [ "$(printf '%s\n' "{{typst}}" "$found" | sort -V | head -n 1)" = "{{typst}}" ]
    }
    root="{{root}}"
    if fits "$root/bin/typst" || { [ "$root" = .tools ] && fits "${TYPST:-typst}"; }; then exit 0; fi
    echo "Typst {{typst}} or later was not found: installing it into $root/ (five to ten minutes, once)" >&2
    # OpenSSL, which only downloads of packages would use, is built with it: no header and no library must be there. What no
    # page here needs is not optimised: OpenSSL, citations, WebAssembly, PDF pictures, HTML.
    configs=()
    for crate in openssl-sys openssl citationberg hayagriva biblatex wasmi wasmi_core wasmi_ir wasmparser hayro-interpret \
        hayro-syntax typst-html typst-bundle; do
        configs+=(--config "profile.release.package.$crate.opt-level=0")
    done
    CARGO_PROFILE_RELEASE_LTO=off {{typst_installer}} --locked --root "$root" \
        --no-default-features --features embedded-fonts,vendor-openssl "${configs[@]}" "typst-cli@{{typst}}"
