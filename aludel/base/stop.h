#pragma once

namespace aludel {

/// Makes SIGINT and SIGTERM ask for a stop instead of ending the program. Call once, in main.
void catch_stop_signals();

/// Whether a stop was asked for. Long work looks between two items, leaves what it has in a state
/// that resumes, and returns Error{Code::cancelled} (exit 3).
bool stop_requested();

}  // namespace aludel
