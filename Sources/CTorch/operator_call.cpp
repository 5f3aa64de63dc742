// The arithmetic and the memory traffic of an operator of libtorch, from its schema, its operands and its results.
//
// The traffic is a lower bound: every operand is read once and every result written once, whatever the kernel does.
#include <ATen/core/ivalue.h>

#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "work.hpp"

using c10::IValue;

int64_t shim::bytes_of(const at::Tensor &tensor) {
  if (!tensor.defined() || tensor.numel() == 0) return 0;
  const int64_t size = static_cast<int64_t>(tensor.itemsize());
  if (tensor.layout() != at::kStrided || !tensor.has_storage()) return tensor.numel() * size;
  int64_t count = 1;
  for (int64_t axis = 0; axis < tensor.dim(); ++axis)
    if (tensor.stride(axis) != 0) count *= tensor.size(axis);
  return std::min(count * size, static_cast<int64_t>(tensor.storage().nbytes()));
}

namespace {

enum class Kind {
  plain,
  convolution,
  convolution_backward,
  product,        // of its first two operands
  added_product,  // of the two behind its first
  allocation,     // moves nothing
  filling,        // writes its first operand without reading it
  gathering,      // reads no more of its first operand than it gives
  scattering,     // changes no more of its first operand than it is given
};

Kind kind_of(std::string_view name) {
  static const std::pair<Kind, std::vector<std::string_view>> kinds[] = {
      {Kind::convolution, {"convolution"}},
      {Kind::convolution_backward, {"convolution_backward"}},
      {Kind::product, {"mm", "bmm", "mv"}},
      {Kind::added_product, {"addmm", "addmm_", "baddbmm", "baddbmm_", "addmv", "addmv_"}},
      {Kind::allocation,
       {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "resize_", "resize_as_", "set_",
        "as_strided_", "transpose_", "t_", "squeeze_", "unsqueeze_", "detach_"}},
      {Kind::filling, {"zero_", "fill_", "copy_", "normal_", "uniform_", "random_", "bernoulli_"}},
      {Kind::gathering, {"index", "index_select", "gather", "take", "masked_select", "embedding"}},
      {Kind::scattering,
       {"index_put_", "_index_put_impl_", "index_add_", "index_copy_", "scatter_", "scatter_add_"}},
  };
  for (const auto &[kind, names] : kinds)
    if (std::find(names.begin(), names.end(), name) != names.end()) return kind;
  return Kind::plain;
}

/// Calls the body for every tensor in an operand or a result.
template <typename Body>
void for_tensors(const IValue &value, Body body) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) body(value.toTensor());
  } else if (value.isList() && !value.isIntList() && !value.isDoubleList() && !value.isBoolList()) {
    for (const IValue &element : value.toListRef())
      if (element.isTensor() && element.toTensor().defined()) body(element.toTensor());
  }
}

bool is_defined(const IValue &value) { return value.isTensor() && value.toTensor().defined(); }

const void *storage_of(const at::Tensor &tensor) {
  return tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

}  // namespace

/// What a schema says of all calls of an operator.
struct shim::OperatorCall::Signature {
  struct Operand {
    bool is_read, is_changed;
  };
  std::string name;
  Kind kind;
  bool is_composite;  // has no kernel of its own
  std::vector<Operand> operands;
  std::vector<bool> results_are_operands;  // views of them, or those changed in place

  explicit Signature(const c10::OperatorHandle &handle) {
    const c10::FunctionSchema &schema = handle.schema();
    const std::string &full = schema.name();
    name = full.substr(full.rfind(':') + 1);
    kind = kind_of(name);
    is_composite = handle.hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
    for (const c10::Argument &operand : schema.arguments()) {
      const bool is_filled = kind == Kind::filling && operands.empty();
      operands.push_back(
          {!is_filled && !operand.is_out(), operand.alias_info() && operand.alias_info()->isWrite()});
    }
    for (const c10::Argument &result : schema.returns()) results_are_operands.push_back(result.alias_info());
  }

  /// nullptr for a function that is no operator. Signatures are kept by their schema's name, whose address is its own.
  static const Signature *of(const at::RecordFunction &function) {
    static std::mutex mutex;
    static std::unordered_map<const char *, std::unique_ptr<Signature>> known;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = known.find(function.name());
    if (found != known.end()) return found->second.get();
    const auto name = function.operator_name();
    if (!name) return nullptr;
    const auto handle = c10::Dispatcher::singleton().findSchema(*name);
    if (!handle) return nullptr;
    return known.emplace(function.name(), std::make_unique<Signature>(*handle)).first->second.get();
  }
};

std::unique_ptr<shim::OperatorCall> shim::OperatorCall::begin(const at::RecordFunction &function) {
  const Signature *signature = Signature::of(function);
  if (!signature || signature->is_composite) return nullptr;
  auto call = std::make_unique<OperatorCall>();
  call->signature = signature;
  call->read(function.inputs());
  call->begun = std::chrono::steady_clock::now();
  return call;
}

const std::string &shim::OperatorCall::name() const { return signature->name; }

void shim::OperatorCall::read(c10::ArrayRef<const IValue> operands) {
  if (signature->kind == Kind::allocation) return;
  operand_bytes.reserve(operands.size());
  for (const IValue &operand : operands) {
    int64_t bytes = 0;
    for_tensors(operand, [&](const at::Tensor &tensor) {
      bytes += bytes_of(tensor);
      storages.push_back(storage_of(tensor));
    });
    operand_bytes.push_back(bytes);
  }
  read_arithmetic(operands);
}

void shim::OperatorCall::read_arithmetic(c10::ArrayRef<const IValue> operands) {
  const auto convolve = [&](const at::Tensor &weight) {
    // Of one element of the map that the weight's first axis counts: of the result, or transposed of the input.
    flops_per_element = weight.numel() == 0 ? 0 : 2 * (weight.numel() / weight.size(0));
    is_narrow = weight.itemsize() == 2;
  };
  switch (signature->kind) {
    case Kind::convolution:  // input, weight, bias, stride, padding, dilation, transposed, …
      convolve(operands[1].toTensor());
      if (operands[6].toBool()) elements = operands[0].toTensor().numel();
      break;
    case Kind::convolution_backward:  // gradient, input, weight, bias' sizes, stride, padding, dilation, transposed, …
      convolve(operands[2].toTensor());
      elements = operands[operands[7].toBool() ? 1 : 0].toTensor().numel();
      break;
    case Kind::product:
    case Kind::added_product: {
      const size_t first = signature->kind == Kind::product ? 0 : 1;
      const at::Tensor &left = operands[first].toTensor(), &right = operands[first + 1].toTensor();
      flops_per_element = 2 * (right.dim() < 2 ? 1 : right.size(-1));
      elements = left.numel();
      is_narrow = left.itemsize() == 2;
      break;
    }
    default: break;
  }
}

shim::Work shim::OperatorCall::work(const std::vector<IValue> &results) const {
  Work work;
  const Kind kind = signature->kind;
  if (kind == Kind::allocation) return work;
  // Results that share an operand's memory are views of it, or were changed in place and count as such.
  int64_t result_bytes = 0, first_elements = 0;
  bool gives_tensors = false;
  for (size_t i = 0; i < results.size(); ++i)
    for_tensors(results[i], [&](const at::Tensor &tensor) {
      if (!gives_tensors) first_elements = tensor.numel();
      gives_tensors = true;
      const bool is_operand = i < signature->results_are_operands.size() && signature->results_are_operands[i];
      if (!is_operand && std::find(storages.begin(), storages.end(), storage_of(tensor)) == storages.end())
        result_bytes += bytes_of(tensor);
    });
  int64_t read_bytes = 0, changed_bytes = 0;
  for (size_t i = 0; i < operand_bytes.size() && i < signature->operands.size(); ++i) {
    if (signature->operands[i].is_read) read_bytes += operand_bytes[i];
    if (signature->operands[i].is_changed) changed_bytes += operand_bytes[i];
  }
  if (gives_tensors && result_bytes == 0 && changed_bytes == 0) return work;

  int64_t factor = 1;
  if (kind == Kind::gathering) {
    read_bytes -= std::max<int64_t>(0, operand_bytes[0] - result_bytes);
  } else if (kind == Kind::scattering) {
    read_bytes -= operand_bytes[0];
    changed_bytes = std::min(changed_bytes, read_bytes);
  } else if (kind == Kind::convolution_backward) {
    // The input's gradient is made of the weight, the weight's of the input.
    const bool of_input = is_defined(results[0]), of_weight = is_defined(results[1]);
    read_bytes -= (of_input ? 0 : operand_bytes[2]) + (of_weight ? 0 : operand_bytes[1]);
    factor = of_input + of_weight;
  }
  work.bytes = read_bytes + changed_bytes + result_bytes;
  work.flops = factor * flops_per_element * (elements < 0 ? first_elements : elements);
  work.is_narrow = is_narrow;
  return work;
}
