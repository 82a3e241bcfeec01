#pragma once

namespace aludel {

/// Makes SIGINT and SIGTERM ask for a stop instead of ending the program; a second one ends it.
/// Called again, it forgets what was asked. Call it in main before any thread starts: threads that
/// compute must not be interrupted by a handler.
/// A pipe whose reader has gone (SIGPIPE) asks for a stop, too: what is begun is tidied away.
void catch_stop_signals();

/// Whether a stop was asked for by a pipe whose reader has gone. Then main ends the program as that
/// signal does.
bool pipe_was_closed();

/// Lets a child process have the signals that catch_stop_signals() keeps from threads. Safe between
/// fork and exec.
void unblock_stop_signals();

/// Whether a stop was asked for. Long work looks between two items, leaves what it has in a state
/// that resumes, and returns Error{Code::cancelled} (exit 3).
bool stop_requested();

}  // namespace aludel
