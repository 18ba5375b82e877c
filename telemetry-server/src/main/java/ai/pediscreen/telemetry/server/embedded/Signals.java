package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Command;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.IOException;
import java.util.List;

/** The two signals by which PostgreSQL is stopped; Java itself knows only TERM and KILL. */
final class Signals {
  private final boolean windows;
  private final String pgCtl;

  Signals(Host host, PostgresBinaries binaries) {
    this.windows = host.windows();
    this.pgCtl = binaries.program("pg_ctl");
  }

  /** Fast shutdown. */
  void interrupt(long pid) throws IOException, InterruptedException {
    send("INT", pid);
  }

  /** Immediate shutdown. */
  void quit(long pid) throws IOException, InterruptedException {
    send("QUIT", pid);
  }

  private void send(String signal, long pid) throws IOException, InterruptedException {
    if (windows) {
      Command.of(List.of(pgCtl, "kill", signal, Long.toString(pid))).run();
    } else {
      // CONT as well: a process under SIGSTOP would never see the other one.
      Command.of(
              List.of("sh", "-c", "kill -s \"$0\" \"$1\"; kill -s CONT \"$1\"", signal, "" + pid))
          .run();
    }
  }
}
