#pragma once

namespace aludel {

/// Makes SIGINT and SIGTERM ask for a stop instead of ending the program; a second one ends it.
/// Called again, it forgets what was asked. Call it in main before any thread starts: threads that
/// compute must not be interrupted by a handler.
void catch_stop_signals();

/// Lets a child process have the signals that catch_stop_signals() keeps from threads. Safe between
/// fork and exec.
void unblock_stop_signals();

/// Whether a stop was asked for. Long work looks between two items, leaves what it has in a state
/// that resumes, and returns Error{Code::cancelled} (exit 3).
bool stop_requested();

}  // namespace aludel
