package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.alert.DeliverySchedule;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates the alert rules once a minute, in this server or another of the same store, and sends
 * messages: one thread evaluates, and one sends for each channel, so that a hanging receiver delays
 * no other.
 *
 * <p>Thread-safe.
 */
public final class AlertThreads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AlertThreads.class);

  /** A little under a minute, so that a thread that comes each minute is never too early. */
  private static final Duration PAUSE = Duration.ofSeconds(55);

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  /** Longer than any sender takes. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * How often something is done.
   *
   * @param looking how often it is asked whether it is time to look
   * @param sending how often it is asked whether there is something to send
   */
  public record Pace(Duration looking, Duration sending) {
    /** Each minute, and every two seconds. */
    public static final Pace STANDARD = new Pace(Duration.ofMinutes(1), Duration.ofSeconds(2));
  }

  private final AlertStore store;
  private final AlertStore.Judgement judgement;
  private final Map<AlertChannel, AlertSender> senders = new EnumMap<>(AlertChannel.class);
  private final DeliverySchedule schedule = new DeliverySchedule(new Random());
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> threads;

  /**
   * Does nothing before {@link #start}.
   *
   * @param judgement says what has changed
   * @param senders one for each channel; closed with this
   */
  public AlertThreads(
      AlertStore store,
      AlertStore.Judgement judgement,
      List<AlertSender> senders,
      InstantSource clock,
      Pace pace) {
    this.store = store;
    this.judgement = judgement;
    this.clock = clock;
    senders.forEach(one -> this.senders.put(one.channel(), one));
    List<Thread> all = new ArrayList<>();
    all.add(thread("alert-look", pace.looking(), this::look));
    senders.forEach(
        one ->
            all.add(thread("alert-" + one.channel().label(), pace.sending(), () -> sendAll(one))));
    this.threads = List.copyOf(all);
  }

  /** Starts; returns at once. */
  public void start() {
    threads.forEach(Thread::start);
  }

  /** Stops; a message in progress is sent again by the next server, with the same id. */
  @Override
  public void close() {
    closing.countDown();
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    senders.values().forEach(AlertSender::close);
  }

  private void look() {
    store.judge(PAUSE, senders.keySet(), judgement);
  }

  /** Everything that is due. */
  private void sendAll(AlertSender sender) {
    boolean more = true;
    while (more && closing.getCount() > 0) {
      Optional<AlertDelivery> taken = store.take(Set.of(sender.channel()), LEASE);
      taken.ifPresent(delivery -> send(sender, delivery));
      more = taken.isPresent();
    }
  }

  private void send(AlertSender sender, AlertDelivery delivery) {
    try {
      sender.send(delivery.message());
    } catch (AlertNotSentException e) {
      Optional<Duration> pause =
          schedule.after(delivery.message().at(), delivery.attempts(), clock.instant());
      if (delivery.attempts() == 1 || pause.isEmpty()) {
        LOG.warn(
            "message {} could not be sent by {}, {}: {}",
            delivery.message().id(),
            sender.channel().label(),
            pause.isEmpty() ? "given up after a day" : "retrying for a day",
            e.reason());
      }
      store.failed(delivery, e.reason(), pause.orElse(null));
      return;
    }
    store.delivered(delivery);
  }

  private Thread thread(String name, Duration period, Runnable work) {
    Thread thread = new Thread(() -> run(name, period, work), name);
    thread.setDaemon(true);
    return thread;
  }

  private void run(String name, Duration period, Runnable work) {
    boolean failing = false;
    try {
      Duration pause = period.compareTo(FIRST) < 0 ? period : FIRST;
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          work.run();
          failing = false;
          pause = period;
        } catch (RuntimeException e) {
          pause = period.compareTo(PAUSE_AFTER_FAILURE) < 0 ? period : PAUSE_AFTER_FAILURE;
          if (closing.getCount() > 0 && !failing) {
            failing = true;
            tell(name, e);
          }
        }
      }
    } catch (InterruptedException e) {
      // The end: nothing else interrupts it.
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(String name, RuntimeException failure) {
    if (failure instanceof StoreUnavailableException) {
      LOG.warn("{} waits for the database", name);
    } else {
      LOG.error("{} failed; it continues", name, failure);
    }
  }
}
