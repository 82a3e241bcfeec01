#include <array>
#include <cmath>

#include "generated/tensor_ops.h"

#include "aludel/models/family.h"

namespace aludel::models {
namespace {

using tensor::op_add;
using tensor::op_attention;
using tensor::op_embedding;
using tensor::op_linear;
using tensor::op_rms_norm;
using tensor::op_rope;
using tensor::op_swiglu;

constexpr std::array<std::string_view, 2> kArchitectures = {"LlamaForCausalLM", "YiForCausalLM"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kAliases = {{
    {"ln1.weight", "input_layernorm.weight"},
    {"ln2.weight", "post_attention_layernorm.weight"},
}};

Operand linear(Program& p, Operand x, std::string_view name, std::size_t out, std::size_t in) {
  return p.apply(op_linear, {x, p.weight(name, {out, in})});
}

Operand norm(Program& p, Operand x, std::string_view name, const ModelConfig& config) {
  const Operand weight = p.weight(name, {config.width}, Initial::ones);
  return p.apply(op_rms_norm, {x, weight}, {config.norm_epsilon});
}

Program describe_block(const ModelConfig& config) {
  const std::size_t width = config.width;
  const std::size_t q_width = config.heads * config.head_size;
  const std::size_t kv_width = config.kv_heads * config.head_size;
  const double head_size = static_cast<double>(config.head_size);
  const Operand cosines = Program::context(Context::cosines);
  const Operand sines = Program::context(Context::sines);
  Program p;
  const Operand x = Program::input();
  // x + attention(norm(x))
  const Operand a = norm(p, x, "input_layernorm.weight", config);
  const Operand q = linear(p, a, "self_attn.q_proj.weight", q_width, width);
  const Operand k = linear(p, a, "self_attn.k_proj.weight", kv_width, width);
  const Operand v = linear(p, a, "self_attn.v_proj.weight", kv_width, width);
  const Operand q_turned = p.apply(op_rope, {q, cosines, sines});
  const Operand k_turned = p.apply(op_rope, {k, cosines, sines});
  const Operand heads =
      p.apply(op_attention, {q_turned, k_turned, v, Program::context(Context::document_starts)},
              {head_size, 1 / std::sqrt(head_size)});
  const Operand h =
      p.apply(op_add, {x, linear(p, heads, "self_attn.o_proj.weight", width, q_width)});
  // h + mlp(norm(h))
  const Operand m = norm(p, h, "post_attention_layernorm.weight", config);
  const Operand gate = linear(p, m, "mlp.gate_proj.weight", config.inner_width, width);
  const Operand up = linear(p, m, "mlp.up_proj.weight", config.inner_width, width);
  const Operand inner = p.apply(op_swiglu, {gate, up});
  p.apply(op_add, {h, linear(p, inner, "mlp.down_proj.weight", width, config.inner_width)});
  return p;
}

ModelDescription describe(const ModelConfig& config) {
  ModelDescription model;
  const Operand table =
      model.start.weight("model.embed_tokens.weight", {config.vocabulary, config.width});
  model.start.apply(op_embedding, {Program::context(Context::ids), table});
  model.block = describe_block(config);
  norm(model.finish, Program::input(), "model.norm.weight", config);
  model.head = config.tied_embeddings ? "model.embed_tokens.weight" : "lm_head.weight";
  return model;
}

}  // namespace

extern constinit const FamilySpec model_yi = {
    .name = "yi",
    .summary = "Yi and Llama: RMSNorm before, rotary grouped-query attention, SwiGLU, no biases.",
    .source = "Young et al. 2024, arXiv:2403.04652; Touvron et al. 2023, arXiv:2307.09288",
    .architectures = kArchitectures,
    .aliases = kAliases,
    .read_config = read_llama_config,
    .write_config = write_llama_config,
    .describe = describe,
};

}  // namespace aludel::models
