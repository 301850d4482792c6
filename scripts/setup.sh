# Sets a checkout up: sourced by ./quickstart and ./runtests.
#
#   need_packages PACKAGE:PROOF ...   installs Debian packages whose proof (a command or a file) is missing
#   want_packages PACKAGE:PROOF ...   the same for what can be done without
#   build                             installs the npm packages of the lock file and compiles, when something changed

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# The packages whose proof is missing, one a line.
missing_packages() {
  local entry package proof
  for entry in "$@"; do
    package=${entry%%:*} proof=${entry#*:}
    case $proof in
      /*) compgen -G "$proof" >/dev/null || echo "$package" ;;
      *) command -v "$proof" >/dev/null || echo "$package" ;;
    esac
  done
}

need_packages() {
  local missing sudo=()
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      sudo=(sudo)
    else
      echo "Missing Debian packages. Install them as root and run this again:" >&2
      echo "  apt-get install" $missing >&2
      return 1
    fi
  fi
  say "installing Debian packages:" $missing
  "${sudo[@]}" apt-get update -qq
  # shellcheck disable=SC2086 # one word a package
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

check_node() {
  if ! command -v node >/dev/null; then
    echo "Node.js 20.19 or newer is needed: https://nodejs.org" >&2
    return 1
  fi
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
    echo "Node.js 20.19 or newer is needed, this is $(node --version)" >&2
    return 1
  }
}

want_packages() {
  need_packages "$@" || echo "Going on without them: what needs them is skipped." >&2
}

build() {
  check_node
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "installing npm packages"
    npm ci --no-fund --no-audit --loglevel=error
  fi
  say "building"
  npm run --silent build
}
