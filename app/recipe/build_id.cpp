#include "app/recipe/build_id.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

namespace aludel::app {
namespace {

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

/// The build id among the notes of one segment: each a header, a name and a description, both
/// padded to 4 bytes.
std::string build_id_among(std::string_view notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    const auto* header = reinterpret_cast<const ElfW(Nhdr)*>(notes.data());
    const std::size_t name = sizeof(*header);
    const std::size_t description = name + padded(header->n_namesz);
    const std::size_t end = description + padded(header->n_descsz);
    if (end > notes.size()) break;
    if (header->n_type == NT_GNU_BUILD_ID &&
        notes.substr(name, header->n_namesz) == std::string_view("GNU\0", 4)) {
      std::string hex;
      for (const char byte : notes.substr(description, header->n_descsz)) {
        hex += fmt::format("{:02x}", static_cast<std::uint8_t>(byte));
      }
      return hex;
    }
    notes.remove_prefix(end);
  }
  return "";
}

int read_program(dl_phdr_info* program, std::size_t /*size*/, void* found) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
    const auto* start = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
    std::string id = build_id_among({start, segment.p_memsz});
    if (!id.empty()) *static_cast<std::string*>(found) = std::move(id);
  }
  return 1;  // the program itself comes first; no library's id is asked for
}

}  // namespace

std::string build_id() {
  std::string id;
  dl_iterate_phdr(read_program, &id);
  return id;
}

}  // namespace aludel::app
