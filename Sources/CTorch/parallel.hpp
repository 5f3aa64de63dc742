// Loops of this shim's kernels on the engine's threads.
//
// libtorch's own `at::parallel_for` is a template of its headers that runs on one thread unless the file that includes it is built with
// OpenMP, which needs compiler flags and a second runtime. The runtime that libtorch has loaded is called here instead.
#pragma once

#include <algorithm>
#include <cstdint>

namespace shim {

/// Calls `part(state, number, count)` once for each of `count` threads, at most `most`, and returns when all have; on the caller's thread
/// alone where there are no others, or it is itself one of them.
void on_threads(int64_t most, void (*part)(void *state, int64_t number, int64_t count), void *state);

/// Numbers that a thread should have to do with: below it waking another takes longer than the work.
constexpr int64_t worthwhile = 32768;

/// Calls `body(begin, end)` for parts of a range that together are all of it, at least `grain` long each. What is thrown in one of them
/// is thrown here.
template <typename Body>
void parallel_for(int64_t begin, int64_t end, int64_t grain, const Body &body) {
  if (begin >= end) return;
  struct Loop {
    int64_t begin, end;
    const Body &body;
  } loop{begin, end, body};
  on_threads(
      std::max<int64_t>(1, (end - begin) / std::max<int64_t>(1, grain)),
      [](void *state, int64_t number, int64_t count) {
        const Loop &loop = *static_cast<const Loop *>(state);
        const int64_t all = loop.end - loop.begin, size = (all + count - 1) / count;
        const int64_t first = loop.begin + number * size, last = std::min(loop.end, first + size);
        if (first < last) loop.body(first, last);
      },
      &loop);
}

}  // namespace shim
