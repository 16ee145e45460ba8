#!/usr/bin/env bash
# Checks and times the CUDA device on a machine with a GPU. Builds nothing and needs no Java there: it takes the image and
# the tests, both made elsewhere by
#
#     mvn -Pdist,gpu-check -DskipTests package
#
# Copy apps/target/nstm-image, apps/target/gpu-check and this script to the machine, then
#
#     ./gpu-check.sh nstm-image gpu-check [golden]
#
# with the folder of golden values, if you have it. The table at the end is what the README quotes.
set -uo pipefail
if [ $# -lt 2 ] || [ ! -x "$1/bin/java" ] || [ ! -d "$2" ]; then
  echo "usage: gpu-check.sh IMAGE TESTS [GOLDEN]: the folders nstm-image and gpu-check of a build, and golden values" >&2
  exit 2
fi
image=$1 tests=$2 golden=${3:-none}
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# The image holds our modules too; the tests bring their own, on the class path.
modules=$("$image/bin/java" --list-modules | sed -n 's/^\(\(java\|jdk\)\.[a-z.]*\).*/\1/p' | paste -sd,)
java=("$image/bin/java" --limit-modules "$modules" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx4g -cp "$tests/*")
"${java[@]}" -Dnstm.test.device=cuda -Dnstm.golden.dir="$golden" dev.nstm.cuda.GpuCheck >"$log/tests" 2>"$log/failures"
suite=$?
grep -v incubator "$log/failures" | tail -40

# Names a benchmark, then its arguments; prints a row: seconds a pass, dense GFLOP/s, memory.
bench() {
  local name=$1
  shift
  if ! "$image/nstm" bench "$@" >"$log/bench" 2>&1; then
    printf '%-44s failed: %s\n' "$name" "$(tail -1 "$log/bench")"
    return
  fi
  printf '%-44s %10s s  %9s GFLOP/s  %7s MB\n' "$name" "$(sed -n 's/.*median \([0-9.]*\) s.*/\1/p' "$log/bench")" \
    "$(sed -n 's/.*, \([0-9.]*\) GFLOP\/s over.*/\1/p' "$log/bench")" "$(sed -n 's/^memory: \([0-9]*\) MB.*/\1/p' "$log/bench")"
}
{
  echo "date       $(date -u +%Y-%m-%d)"
  echo "card       $(nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null || echo 'nvidia-smi is not there')"
  "$image/nstm" info | sed -n '/^cuda/,$p'
  cat "$log/tests"
  echo
  printf '%-44s %12s\n' "one pass over all shots" "median"
  for precision in fp32 tf32; do
    bench "DPC 4 x 320x1000, $precision" --device cuda --precision $precision --steps 50
  done
  bench "DPC 4 x 320x1000, fp32, deterministic" --device cuda --deterministic --steps 50
  bench "SIM 12x512x512, fp32, at most 24 GB" --device cuda --system sim3d --dims 12x512x512 --steps 3 --gpu-memory 24GB
  bench "lensless camera, 20 moments of 162x192, fp32" --device cuda --system lensless --steps 10
  bench "DPC 4 x 320x1000, this machine's processor" --device cpu --steps 8
  "${java[@]}" dev.nstm.cuda.LayersComparison 2>&1 | grep -v incubator
  if command -v compute-sanitizer >/dev/null; then
    compute-sanitizer --error-exitcode 9 --target-processes all "$image/nstm" bench --device cuda --dims 64x80 --steps 1 2>&1 | grep "ERROR SUMMARY\|Device not supported" | head -1
  else
    echo "compute-sanitizer is not there"
  fi
} | tee "$log/table"
exit $suite
