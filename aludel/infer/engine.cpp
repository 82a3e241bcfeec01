#include "aludel/infer/engine.h"

#include <algorithm>
#include <cstring>

#include "generated/tensor_ops.h"

#include "aludel/base/check.h"
#include "aludel/infer/paged_attention.h"

namespace aludel::infer {

using models::Context;
using models::Operand;
using tensor::DType;
using tensor::PackedMatrix;
using tensor::Tensor;

/// Where an operand comes from when a step runs.
struct PlannedInput {
  Operand operand;
  const Tensor* vector = nullptr;        // of a weight
  const PackedMatrix* matrix = nullptr;  // of a weight
};

enum class StepKind : std::uint8_t { products, embedding, attention, other };

struct PlannedStep {
  StepKind kind = StepKind::other;
  const models::Step* step = nullptr;
  std::size_t result = 0;                    // the value that it makes; of products: the first
  std::vector<PlannedInput> inputs;          // of products: the value only
  std::vector<const PackedMatrix*> weights;  // of products
  std::vector<std::size_t> last_uses;        // values that nothing needs after this step
};

/// The tokens of one run, of all texts behind each other.
struct Engine::Batch {
  struct Span {
    PagedSequence* sequence;
    std::size_t first_row;
    std::size_t rows;
    std::size_t position;  // of its first token in its text
  };

  std::vector<Span> spans;
  std::size_t rows = 0;
  Tensor ids;      // [T] i32
  Tensor cosines;  // [T, D/2]
  Tensor sines;
};

namespace {

StepKind kind_of(const models::Step& step) {
  if (step.op == &tensor::op_linear) return StepKind::products;
  if (step.op == &tensor::op_embedding) return StepKind::embedding;
  if (step.op == &tensor::op_attention) return StepKind::attention;
  return StepKind::other;
}

/// Marks after which step each value may go.
void plan_releases(std::vector<PlannedStep>& steps, std::size_t result) {
  std::vector<bool> needed(result + 1, false);
  needed[result] = true;
  for (std::size_t i = steps.size(); i > 0; --i) {
    for (const PlannedInput& input : steps[i - 1].inputs) {
      if (input.operand.kind != Operand::Kind::value || needed[input.operand.index]) continue;
      needed[input.operand.index] = true;
      steps[i - 1].last_uses.push_back(input.operand.index);
    }
  }
}

}  // namespace

Engine::Engine(tensor::Device& device, models::Model model, models::PackedWeights weights,
               KvFormat kv)
    : device_(device),
      model_(std::move(model)),
      weights_(std::move(weights)),
      pool_(PageLayout::make(kv, model_.config.head_size)) {
  start_ = plan(model_.description.start, std::nullopt);
  for (std::size_t block = 0; block < model_.config.blocks; ++block) {
    blocks_.push_back(plan(model_.description.block, block));
  }
  finish_ = plan(model_.description.finish, std::nullopt);
}

Engine::~Engine() = default;

std::int64_t Engine::vocab_size() const {
  return static_cast<std::int64_t>(model_.config.vocabulary);
}

std::int64_t Engine::context_length() const {
  return static_cast<std::int64_t>(model_.config.context_length());
}

std::unique_ptr<SequenceCache> Engine::new_sequence() {
  return std::make_unique<PagedSequence>(pool_, model_.config.blocks, model_.config.kv_heads);
}

std::vector<PlannedStep> Engine::plan(const models::Program& program,
                                      std::optional<std::size_t> block) {
  const auto resolve = [&](const Operand& operand) {
    PlannedInput input{.operand = operand};
    if (operand.kind != Operand::Kind::weight) return input;
    const std::string& name = program.weights()[operand.index].name;
    const std::string full = block ? models::block_weight_name(*block, name) : name;
    if (const auto found = weights_.matrices.find(full); found != weights_.matrices.end()) {
      input.matrix = &found->second;
    } else if (const auto vector = weights_.vectors.find(full); vector != weights_.vectors.end()) {
      input.vector = &vector->second;
    }
    ALUDEL_CHECK(input.matrix != nullptr || input.vector != nullptr,
                 "[engine] a weight is missing");
    return input;
  };
  std::vector<PlannedStep> planned;
  for (std::size_t i = 0; i < program.steps().size(); ++i) {
    const models::Step& step = program.steps()[i];
    PlannedStep next;
    next.kind = kind_of(step);
    next.step = &step;
    next.result = i + 1;
    for (const Operand& operand : step.inputs)
      next.inputs.push_back(resolve(operand));
    if (next.kind == StepKind::products) {
      const PackedMatrix* weight = next.inputs[1].matrix;
      next.inputs.pop_back();
      PlannedStep* last = planned.empty() ? nullptr : &planned.back();
      // Neighbours that multiply the same value, such as q, k and v, run as one.
      if (last != nullptr && last->kind == StepKind::products &&
          last->inputs[0].operand == next.inputs[0].operand &&
          last->weights[0]->format() == weight->format() &&
          last->weights[0]->group() == weight->group()) {
        last->weights.push_back(weight);
        continue;
      }
      next.weights.push_back(weight);
    }
    planned.push_back(std::move(next));
  }
  plan_releases(planned, program.steps().size());
  return planned;
}

Engine::Batch Engine::prepare(std::span<const ModelInput> inputs) {
  Batch batch;
  for (const ModelInput& input : inputs) {
    auto* sequence = static_cast<PagedSequence*>(input.sequence);
    batch.spans.push_back({.sequence = sequence,
                           .first_row = batch.rows,
                           .rows = input.ids.size(),
                           .position = static_cast<std::size_t>(sequence->length())});
    batch.rows += input.ids.size();
    sequence->extend(static_cast<std::int64_t>(input.ids.size()));
  }
  batch.ids = device_.temporary(DType::i32, {batch.rows});
  auto* ids = batch.ids.data<std::int32_t>();
  for (const ModelInput& input : inputs) {
    for (const std::int32_t id : input.ids) {
      ALUDEL_CHECK(id >= 0 && id < vocab_size(), "[engine] an id outside of the vocabulary");
      *ids++ = id;
    }
  }
  fill_angles(batch);
  return batch;
}

void Engine::fill_angles(Batch& batch) {
  const std::size_t half = model_.config.head_size / 2;
  batch.cosines = device_.temporary(DType::f32, {batch.rows, half});
  batch.sines = device_.temporary(DType::f32, {batch.rows, half});
  std::vector<std::int32_t> positions;
  for (const Batch::Span& span : batch.spans) {
    if (span.rows == 0) continue;
    positions.clear();
    for (std::size_t row = 0; row < span.rows; ++row) {
      positions.push_back(static_cast<std::int32_t>(span.position + row));
    }
    const models::RopeFrequencies frequencies = models::rope_frequencies(
        model_.config.rope, model_.config.head_size, span.position + span.rows);
    models::write_rope_angles(frequencies, positions,
                              batch.cosines.slice(span.first_row, span.rows),
                              batch.sines.slice(span.first_row, span.rows));
  }
}

std::span<const float> Engine::run(std::span<const ModelInput> inputs) {
  const Batch batch = prepare(inputs);
  if (batch.rows == 0) return {};
  const models::ModelDescription& description = model_.description;
  Tensor x = execute(start_, description.start.value_count(), 0, Tensor(), batch);
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    x = execute(blocks_[block], description.block.value_count(), block, x, batch);
  }
  x = execute(finish_, description.finish.value_count(), 0, x, batch);
  return head_logits(x, inputs);
}

Tensor Engine::execute(const std::vector<PlannedStep>& steps, std::size_t value_count,
                       std::size_t block, const Tensor& input, const Batch& batch) {
  Values values(value_count);
  values[0] = input;
  for (const PlannedStep& step : steps) {
    switch (step.kind) {
      case StepKind::products:
        run_products(step, values);
        break;
      case StepKind::embedding:
        run_embedding(step, batch, values);
        break;
      case StepKind::attention:
        run_attention(step, block, batch, values);
        break;
      case StepKind::other:
        run_other(step, batch, values);
        break;
    }
    for (const std::size_t value : step.last_uses)
      values[value] = Tensor();
  }
  return values.back();
}

void Engine::run_products(const PlannedStep& step, Values& values) {
  const Tensor& x = values[step.inputs[0].operand.index];
  const std::size_t count = x.shape().rows();
  rows_.prepare(device_, x.span<float>(), count, *step.weights[0]);
  std::vector<tensor::PackedProduct> products;
  for (std::size_t i = 0; i < step.weights.size(); ++i) {
    const PackedMatrix& weight = *step.weights[i];
    Tensor& y = values[step.result + i];
    y = device_.temporary(DType::f32, {count, weight.rows()});
    products.push_back({.weight = &weight, .y = y.data<float>(), .y_stride = weight.rows()});
  }
  multiply(device_, rows_, products);
}

void Engine::run_embedding(const PlannedStep& step, const Batch& batch, Values& values) {
  const PackedMatrix& table = *step.inputs[1].matrix;
  const Tensor y = device_.temporary(DType::f32, {batch.rows, table.columns()});
  const auto* ids = batch.ids.data<std::int32_t>();
  device_.threads().parallel_for(batch.rows, [&](std::size_t row) {
    table.unpack_row(static_cast<std::size_t>(ids[row]),
                     y.span<float>().subspan(row * table.columns(), table.columns()));
  });
  values[step.result] = y;
}

/// Writes the new keys and values to their pages, then attends row block by row block.
void Engine::run_attention(const PlannedStep& step, std::size_t block, const Batch& batch,
                           Values& values) {
  const Tensor& q = values[step.inputs[0].operand.index];
  const Tensor& k = values[step.inputs[1].operand.index];
  const Tensor& v = values[step.inputs[2].operand.index];
  const PageLayout& layout = pool_.layout();
  const std::size_t head_size = layout.head_size;
  const std::size_t kv_heads = k.shape().columns() / head_size;
  const std::size_t group = q.shape().columns() / k.shape().columns();
  const Tensor y = device_.temporary(DType::f32, q.shape());

  struct Task {
    PagedQueries queries;
    std::size_t first;
    std::size_t count;
  };

  std::vector<Task> tasks;
  device_.threads().parallel_for(batch.spans.size() * kv_heads, [&](std::size_t task) {
    const Batch::Span& span = batch.spans[task / kv_heads];
    const std::size_t head = task % kv_heads;
    std::byte* const* pages = span.sequence->pages(block, head);
    for (std::size_t row = 0; row < span.rows; ++row) {
      const std::size_t position = span.position + row;
      const std::size_t at = (span.first_row + row) * k.shape().columns() + head * head_size;
      write_token(layout, pages[position / kPageTokens * span.sequence->stride()],
                  position % kPageTokens, k.span<float>().subspan(at, head_size),
                  v.span<float>().subspan(at, head_size));
    }
  });
  for (const Batch::Span& span : batch.spans) {
    for (std::size_t head = 0; head < kv_heads; ++head) {
      const std::size_t at = span.first_row * q.shape().columns() + head * group * head_size;
      const PagedQueries queries{.layout = &layout,
                                 .pages = span.sequence->pages(block, head),
                                 .page_stride = span.sequence->stride(),
                                 .q = q.data<float>() + at,
                                 .out = y.data<float>() + at,
                                 .stride = q.shape().columns(),
                                 .group = group,
                                 .position = span.position,
                                 .scale = static_cast<float>(step.step->numbers[1])};
      for (std::size_t row = 0; row < span.rows * group; row += kAttentionRows) {
        tasks.push_back({queries, row, std::min(kAttentionRows, span.rows * group - row)});
      }
    }
  }
  const std::size_t scratch = attention_scratch(layout) * sizeof(float);
  device_.threads().parallel_for(tasks.size(), [&](std::size_t i, int worker) {
    attend(tasks[i].queries, tasks[i].first, tasks[i].count,
           static_cast<float*>(device_.scratch(worker, scratch)));
  });
  values[step.result] = y;
}

void Engine::run_other(const PlannedStep& step, const Batch& batch, Values& values) {
  std::vector<Tensor> inputs;
  for (const PlannedInput& input : step.inputs) {
    switch (input.operand.kind) {
      case Operand::Kind::value:
        inputs.push_back(values[input.operand.index]);
        break;
      case Operand::Kind::weight:
        ALUDEL_CHECK(input.vector != nullptr, "[engine] this operation takes no matrix");
        inputs.push_back(*input.vector);
        break;
      case Operand::Kind::context:
        switch (static_cast<Context>(input.operand.index)) {
          case Context::ids:
            inputs.push_back(batch.ids);
            break;
          case Context::cosines:
            inputs.push_back(batch.cosines);
            break;
          case Context::sines:
            inputs.push_back(batch.sines);
            break;
          case Context::document_starts:
            ALUDEL_CHECK(false, "[engine] only attention knows where texts begin");
        }
    }
  }
  std::vector<tensor::Shape> shapes;
  shapes.reserve(inputs.size());
  for (const Tensor& input : inputs)
    shapes.push_back(input.shape());
  std::vector<Tensor> outputs;
  for (const tensor::Shape& shape : step.step->op->output_shapes(shapes, step.step->numbers)) {
    outputs.push_back(device_.temporary(DType::f32, shape));
  }
  tensor::run(device_, *step.step->op, {inputs, outputs, step.step->numbers});
  values[step.result] = outputs[0];
}

std::span<const float> Engine::head_logits(const Tensor& hidden,
                                           std::span<const ModelInput> inputs) {
  const std::size_t width = hidden.shape().columns();
  const float* row = hidden.data<float>();
  gathered_.clear();
  for (const ModelInput& input : inputs) {
    const std::size_t rows = input.ids.size();
    const std::size_t wanted = input.logits == LogitsFor::every_token ? rows
                               : input.logits == LogitsFor::last_token
                                   ? std::min<std::size_t>(1, rows)
                                   : 0;
    gathered_.insert(gathered_.end(), row + (rows - wanted) * width, row + rows * width);
    row += rows * width;
  }
  const PackedMatrix& head = weights_.matrices.find(model_.description.head)->second;
  const std::size_t count = gathered_.size() / width;
  logits_.resize(count * head.rows());
  if (count == 0) return {};
  rows_.prepare(device_, gathered_, count, head);
  const tensor::PackedProduct product{
      .weight = &head, .y = logits_.data(), .y_stride = head.rows()};
  multiply(device_, rows_, std::span(&product, 1));
  return logits_;
}

}  // namespace aludel::infer
