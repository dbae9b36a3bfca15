# What ./run and ./test share. Sourced from the project's root.

# The packages of packaging/debian-packages.txt that are not there yet.
install_missing() {
  local missing=()
  while read -r package; do
    case "$package" in '' | '#'*) continue ;; esac
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null \
      | grep -q 'install ok installed' || missing+=("$package")
  done < packaging/debian-packages.txt
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "Missing packages: ${missing[*]}" >&2
      echo "Run as root or install sudo." >&2
      exit 1
    }
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# build PRESET TARGET...
# What the cache has of a copy of this tree, it has of this one.
build() {
  local -x CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" --target "${@:2}"
}
