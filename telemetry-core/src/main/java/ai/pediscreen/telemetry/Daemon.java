package ai.pediscreen.telemetry;

/** Threads that keep no program from ending. */
final class Daemon {

  private Daemon() {}

  static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
