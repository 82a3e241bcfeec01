#include "aludel/tensor/gemm.h"

#include <algorithm>
#include <array>
#include <map>

#include "generated/tensor_ops.h"
#include <oneapi/dnnl/dnnl.hpp>

#include "aludel/tensor/device.h"

extern "C" void omp_set_num_threads(int count);

namespace aludel::tensor {
namespace {

using Dims = dnnl::memory::dims;

/// What one oneDNN product depends on: M, N, K, the three pairs of strides, dtypes, write.
using ProductKey = std::array<std::size_t, 12>;

dnnl::memory::data_type onednn_type(DType type) {
  return type == DType::bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

dnnl::memory::desc describe(const Matrix& matrix) {
  const auto as_dim = [](std::size_t value) { return static_cast<dnnl::memory::dim>(value); };
  return {Dims{as_dim(matrix.rows), as_dim(matrix.columns)}, onednn_type(matrix.type),
          Dims{as_dim(matrix.row_stride), as_dim(matrix.column_stride)}};
}

Matrix block(const Matrix& matrix, std::size_t row, std::size_t column, std::size_t rows,
             std::size_t columns) {
  Matrix part = matrix;
  const std::size_t skipped = row * matrix.row_stride + column * matrix.column_stride;
  part.data = static_cast<std::byte*>(matrix.data) + skipped * size_bytes(matrix.type);
  part.rows = rows;
  part.columns = columns;
  return part;
}

/// Rows and columns of c that one product computes: halved until there is work for many threads.
struct Tile {
  std::size_t rows = 256;
  std::size_t columns = 512;
};

Tile tile_for(std::size_t rows, std::size_t columns) {
  constexpr std::size_t kEnoughTiles = 8;
  Tile tile;
  const auto count = [&] {
    return ((rows + tile.rows - 1) / tile.rows) * ((columns + tile.columns - 1) / tile.columns);
  };
  if (count() < kEnoughTiles) tile.columns = 256;
  if (count() < kEnoughTiles) tile.rows = 128;
  if (count() < kEnoughTiles) tile.columns = 128;
  if (count() < kEnoughTiles) tile.rows = 64;
  return tile;
}

void cast_matrix(Device& device, const Matrix& from, const Matrix& to) {
  const auto tensor = [](const Matrix& matrix) {
    ALUDEL_CHECK(matrix.row_stride == matrix.columns && matrix.column_stride == 1,
                 "[gemm] only a contiguous matrix is converted");
    return Tensor::wrap({}, matrix.data, matrix.type, {matrix.rows, matrix.columns});
  };
  const Tensor input = tensor(from);
  const Tensor output = tensor(to);
  run(device, op_cast, {{&input, 1}, {&output, 1}, {}});
}

/// The whole matrix in another dtype; `kept` keeps its memory alive.
Matrix converted(Device& device, const Matrix& matrix, DType type, std::vector<Tensor>& kept) {
  if (matrix.type == type) return matrix;
  const bool flipped = matrix.column_stride != 1;
  const Matrix plain = flipped ? matrix.transposed() : matrix;
  kept.push_back(device.temporary(type, {plain.rows, plain.columns}));
  const Matrix copy = matrix_of(kept.back());
  cast_matrix(device, plain, copy);
  return flipped ? copy.transposed() : copy;
}

/// A product that oneDNN has compiled, and the layouts of a, b, c and its scratchpad.
struct Prepared {
  dnnl::matmul product;
  std::array<dnnl::memory::desc, 4> layouts;
};

Prepared prepare(const dnnl::engine& engine, const Matrix& a, const Matrix& b, const Matrix& c,
                 Write write) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (write == Write::add) {
    dnnl::post_ops sum;
    sum.append_sum(1.0F);
    attributes.set_post_ops(sum);
  }
  const dnnl::matmul::desc description(describe(a), describe(b), describe(c));
  const dnnl::matmul::primitive_desc plan(description, attributes, engine);
  return {dnnl::matmul(plan), {describe(a), describe(b), describe(c), plan.scratchpad_desc()}};
}

void execute(const dnnl::engine& engine, const Prepared& prepared,
             const std::array<void*, 4>& memory) {
  thread_local const bool is_set = (omp_set_num_threads(1), true);
  static_cast<void>(is_set);
  constexpr std::array kArguments = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST,
                                     DNNL_ARG_SCRATCHPAD};
  std::unordered_map<int, dnnl::memory> arguments;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    arguments.emplace(kArguments.at(i), dnnl::memory(prepared.layouts.at(i), engine, memory.at(i)));
  }
  dnnl::stream stream(engine);
  prepared.product.execute(stream, arguments);
  stream.wait();
}

}  // namespace

struct MatmulCache::Products {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  std::map<ProductKey, Prepared> by_key;

  const Prepared& find(const Matrix& a, const Matrix& b, const Matrix& c, Write write) {
    const ProductKey key{a.rows,
                         b.columns,
                         a.columns,
                         a.row_stride,
                         a.column_stride,
                         b.row_stride,
                         b.column_stride,
                         c.row_stride,
                         static_cast<std::size_t>(a.type),
                         static_cast<std::size_t>(b.type),
                         static_cast<std::size_t>(c.type),
                         static_cast<std::size_t>(write)};
    const auto found = by_key.find(key);
    if (found != by_key.end()) return found->second;
    return by_key.emplace(key, prepare(engine, a, b, c, write)).first->second;
  }
};

MatmulCache::MatmulCache() : products_(std::make_unique<Products>()) {}

MatmulCache::~MatmulCache() = default;

Matrix matrix_of(const Tensor& tensor) {
  const std::size_t columns = tensor.shape().columns();
  return {tensor.raw(), tensor.dtype(), tensor.shape().rows(), columns, columns, 1};
}

namespace {

/// c = a b as products of one thread each, all prepared before the pool runs them.
void multiply(Device& device, const Matrix& a, const Matrix& b, const Matrix& c, Write write) {
  MatmulCache::Products& products = device.matmuls().products();
  const Tile tile = tile_for(c.rows, c.columns);

  struct Part {
    const Prepared* prepared;
    std::array<void*, 3> memory;
  };

  std::vector<Part> parts;
  for (std::size_t row = 0; row < c.rows; row += tile.rows) {
    for (std::size_t column = 0; column < c.columns; column += tile.columns) {
      const std::size_t rows = std::min(tile.rows, c.rows - row);
      const std::size_t columns = std::min(tile.columns, c.columns - column);
      const Matrix a_part = block(a, row, 0, rows, a.columns);
      const Matrix b_part = block(b, 0, column, b.rows, columns);
      const Matrix c_part = block(c, row, column, rows, columns);
      parts.push_back(
          {&products.find(a_part, b_part, c_part, write), {a_part.data, b_part.data, c_part.data}});
    }
  }
  device.threads().parallel_for(parts.size(), [&](std::size_t task, int worker) {
    const Part& part = parts[task];
    const std::size_t bytes = part.prepared->layouts[3].get_size();
    execute(products.engine, *part.prepared,
            {part.memory[0], part.memory[1], part.memory[2], device.scratch(worker, bytes)});
  });
}

}  // namespace

void gemm(Device& device, const Matrix& a, const Matrix& b, const Matrix& c, Write write) {
  ALUDEL_CHECK(a.columns == b.rows && a.rows == c.rows && b.columns == c.columns,
               "[gemm] shapes do not fit");
  if (c.rows == 0 || c.columns == 0) return;
  const bool any_bf16 = a.type == DType::bf16 || b.type == DType::bf16;
  const DType type = any_bf16 && device.has_fast_bf16() ? DType::bf16 : DType::f32;
  std::vector<Tensor> kept;
  const Matrix left = converted(device, a, type, kept);
  const Matrix right = converted(device, b, type, kept);
  try {
    if (c.type == DType::bf16 && type == DType::f32) {  // oneDNN has no such pair
      const Matrix wide = converted(device, c, DType::f32, kept);
      multiply(device, left, right, wide, write);
      cast_matrix(device, wide, c);
    } else {
      multiply(device, left, right, c, write);
    }
  } catch (const dnnl::error& error) {
    fail_check(__FILE__, __LINE__, "oneDNN", error.what());
  }
}

void limit_onednn(Isa isa) {
  // oneDNN's least is SSE4.1; every x86-64 CPU with 64-bit Debian in use has it.
  constexpr std::array kLimits = {dnnl::cpu_isa::sse41, dnnl::cpu_isa::avx2,
                                  dnnl::cpu_isa::avx512_core_vnni, dnnl::cpu_isa::avx512_core_bf16};
  dnnl::set_max_cpu_isa(kLimits.at(static_cast<std::size_t>(isa)));
}

}  // namespace aludel::tensor
