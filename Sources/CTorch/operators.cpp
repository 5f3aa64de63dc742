#include "shim.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

struct ct_operator_s {
  c10::OperatorHandle handle;
};

namespace {

c10::IValue argument(const ct_value &value, const c10::Argument &formal) {
  switch (value.tag) {
    case CT_NONE: return {};
    case CT_TENSOR: return static_cast<ct_tensor>(const_cast<void *>(value.pointer))->value;
    case CT_BOOL: return value.integer != 0;
    case CT_INT:
      if (formal.type()->kind() == c10::TypeKind::FloatType) return static_cast<double>(value.integer);
      return value.integer;
    case CT_DOUBLE: return value.real;
    case CT_STRING: return std::string(static_cast<const char *>(value.pointer));
    case CT_INTS: {
      auto first = static_cast<const int64_t *>(value.pointer);
      return std::vector<int64_t>(first, first + value.count);
    }
    case CT_DOUBLES: {
      auto first = static_cast<const double *>(value.pointer);
      return std::vector<double>(first, first + value.count);
    }
    case CT_TENSORS: {
      auto first = static_cast<const ct_tensor *>(value.pointer);
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int64_t i = 0; i < value.count; ++i) list.push_back(first[i]->value);
      return list;
    }
    case CT_OPTIONAL_TENSORS: {
      auto first = static_cast<const ct_tensor *>(value.pointer);
      c10::List<c10::optional<at::Tensor>> list;
      for (int64_t i = 0; i < value.count; ++i)
        list.push_back(first[i] ? c10::optional<at::Tensor>(first[i]->value) : c10::optional<at::Tensor>());
      return list;
    }
    case CT_DEVICE: return shim::device({static_cast<int32_t>(value.integer), static_cast<int32_t>(value.count)});
    case CT_GENERATOR: return static_cast<ct_generator>(const_cast<void *>(value.pointer))->value;
    case CT_DEFAULT:
      TORCH_CHECK(formal.default_value().has_value(), "argument '", formal.name(), "' has no default");
      return *formal.default_value();
    default: TORCH_CHECK(false, "unknown argument tag ", value.tag);
  }
}

ct_value result_value(const c10::IValue &value) {
  ct_value result{};
  if (value.isTensor()) {
    // An undefined tensor is no tensor.
    if (!value.toTensor().defined()) return result;
    result.tag = CT_TENSOR;
    result.pointer = shim::handle(value.toTensor());
  } else if (value.isTensorList()) {
    auto list = value.toTensorVector();
    auto handles = static_cast<ct_tensor *>(std::malloc(sizeof(ct_tensor) * std::max<size_t>(list.size(), 1)));
    for (size_t i = 0; i < list.size(); ++i) handles[i] = shim::handle(list[i]);
    result.tag = CT_TENSORS;
    result.pointer = handles;
    result.count = static_cast<int64_t>(list.size());
  } else if (value.isBool()) {
    result.tag = CT_BOOL;
    result.integer = value.toBool();
  } else if (value.isInt()) {
    result.tag = CT_INT;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = CT_DOUBLE;
    result.real = value.toDouble();
  } else {
    TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " has no form in the shim");
  }
  return result;
}

}  // namespace

char *ct_operator_find(const char *name, const char *overload, ct_operator *result) {
  return shim::guarded([&] {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "libtorch has no operator ", name, ".", overload);
    *result = new ct_operator_s{*found};
  });
}

char *ct_operator_call(ct_operator op, const ct_value *arguments, int32_t argument_count, ct_value *results,
                       int32_t capacity, int32_t *result_count) {
  return shim::guarded([&] {
    const auto &formals = op->handle.schema().arguments();
    TORCH_CHECK(static_cast<size_t>(argument_count) <= formals.size(), "takes ", formals.size(), " arguments, got ",
                argument_count);
    torch::jit::Stack stack;
    stack.reserve(formals.size());
    const ct_value absent{CT_DEFAULT, 0, 0, nullptr, 0};
    for (size_t i = 0; i < formals.size(); ++i)
      stack.push_back(argument(i < static_cast<size_t>(argument_count) ? arguments[i] : absent, formals[i]));
    op->handle.callBoxed(stack);
    TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), "gives ", stack.size(), " results, room for ", capacity);
    for (size_t i = 0; i < stack.size(); ++i) results[i] = result_value(stack[i]);
    *result_count = static_cast<int32_t>(stack.size());
  });
}

char *ct_generator_new(uint64_t seed, ct_generator *result) {
  return shim::guarded([&] { *result = new ct_generator_s{at::make_generator<at::CPUGeneratorImpl>(seed)}; });
}

void ct_generator_release(ct_generator generator) { delete generator; }

char *ct_generator_state(ct_generator generator, ct_tensor *result) {
  return shim::guarded([&] { *result = shim::handle(generator->value.get_state()); });
}

char *ct_generator_restore(ct_generator generator, ct_tensor state) {
  return shim::guarded([&] { generator->value.set_state(state->value); });
}
