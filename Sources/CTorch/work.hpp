// What one operator has to do, and how the kernels of this shim make themselves visible to a counter.
#pragma once

#include "shim.hpp"

#include <ATen/record_function.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace shim {

/// The arithmetic and the memory traffic of one call.
struct Work {
  int64_t flops = 0, bytes = 0;
  /// Whether the arithmetic is on numbers of 16 bits.
  bool is_narrow = false;
};

/// Bytes of the elements that a tensor really has: one that is expanded has fewer than its shape says. 0 for none.
int64_t bytes_of(const at::Tensor &tensor);

/// A call of an operator of libtorch: what is kept of its beginning until its results are there.
class OperatorCall : public at::ObserverContext {
 public:
  /// nullptr for an operator that has no kernel of its own: it is what it calls.
  static std::unique_ptr<OperatorCall> begin(const at::RecordFunction &function);

  const std::string &name() const;
  Work work(const std::vector<c10::IValue> &results) const;

  std::chrono::steady_clock::time_point begun;

 private:
  struct Signature;

  void read(c10::ArrayRef<const c10::IValue> operands);
  void read_arithmetic(c10::ArrayRef<const c10::IValue> operands);

  const Signature *signature = nullptr;
  std::vector<int64_t> operand_bytes;
  std::vector<const void *> storages;
  /// Floating-point operations for each of so many elements; those of the first result where they are not known yet.
  int64_t flops_per_element = 0, elements = -1;
  bool is_narrow = false;
};

/// A kernel of this shim, from here to the end of the scope, as an operator that a counter sees; what it calls belongs
/// to it. Costs a look at a variable of the thread while nothing counts.
class CountedKernel {
 public:
  /// - name: a literal.
  explicit CountedKernel(const char *name);
  ~CountedKernel();
  CountedKernel(const CountedKernel &) = delete;
  CountedKernel &operator=(const CountedKernel &) = delete;

  /// Adds to what it does; the tensors are read or written once.
  void moves(std::initializer_list<at::Tensor> tensors) {
    if (!name) return;
    for (const at::Tensor &tensor : tensors) work.bytes += bytes_of(tensor);
  }
  void moves(int64_t bytes) { work.bytes += bytes; }
  void computes(int64_t flops, bool is_narrow) { work.flops += flops, work.is_narrow = is_narrow; }

 private:
  const char *name;  // nullptr while nothing counts
  Work work;
  std::chrono::steady_clock::time_point begun;
};

}  // namespace shim
