package ai.pediscreen.telemetry.job;

import java.util.concurrent.ThreadFactory;

/** Threads that keep no program from ending. */
public final class Daemon {

  private Daemon() {}

  /** Starts a thread of that name. */
  public static Thread start(String name, Runnable work) {
    Thread thread = named(name).newThread(work);
    thread.start();
    return thread;
  }

  static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
