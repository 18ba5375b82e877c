package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import ai.pediscreen.telemetry.server.takeover.EventSource.Found;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings events from a source into the store. May be ended at any point and begun again: what was
 * stored is known by then, and nothing is stored twice.
 */
public final class EventImport {

  /** As many as the store takes in one transaction. */
  private static final int BATCH_EVENTS = 2_000;

  /** A transaction of the store has ended by then, one way or the other. */
  private static final Duration STORE_LIMIT = Duration.ofSeconds(20);

  /** The store adds no more at once; a batch more would wait for a connection, and not long. */
  private static final int BATCHES_AT_ONCE = 3;

  private final @Nullable EventStore store;
  private final EventIntake intake;
  private final RefusedFile refused;
  private final Consumer<ImportFigures> listener;
  private ImportFigures figures = ImportFigures.NONE;
  private @Nullable IOException unreadable;

  /**
   * Does nothing yet.
   *
   * @param store where events are stored; null to find out only what would be refused
   * @param refused where refused ones are listed
   * @param listener is told now and then how far it is, and may throw to end it
   */
  public EventImport(
      @Nullable EventStore store,
      EventIntake intake,
      RefusedFile refused,
      Consumer<ImportFigures> listener) {
    this.store = store;
    this.intake = intake;
    this.refused = refused;
    this.listener = listener;
  }

  /**
   * Imports all that there is.
   *
   * @throws IOException if the source cannot be read on, after all that was read before is stored,
   *     or the refused not be listed
   * @throws InterruptedException if the thread is interrupted; what is under way is ended first
   */
  public ImportFigures run(EventSource source) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(BATCHES_AT_ONCE);
    try {
      Deque<Future<Outcome>> underWay = new ArrayDeque<>();
      for (List<Found> batch = next(source); !batch.isEmpty(); batch = next(source)) {
        if (underWay.size() == BATCHES_AT_ONCE) {
          settle(underWay.remove());
        }
        List<Found> found = batch;
        underWay.add(threads.submit(() -> store(found)));
      }
      while (!underWay.isEmpty()) {
        settle(underWay.remove());
      }
      if (unreadable != null) {
        throw unreadable;
      }
      return figures;
    } finally {
      end(threads);
      refused.flush();
    }
  }

  /** What was read so far, and what became of it. */
  public ImportFigures figures() {
    return figures;
  }

  /** What is under way is ended first: the store is closed after this. */
  private static void end(ExecutorService threads) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(STORE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }

  /** Empty at the end, and where the source cannot be read on. */
  private List<Found> next(EventSource source) {
    List<Found> batch = new ArrayList<>();
    try {
      while (unreadable == null && batch.size() < BATCH_EVENTS) {
        Found found = source.next();
        if (found == null) {
          break;
        }
        batch.add(found);
      }
    } catch (IOException e) {
      unreadable = e;
    }
    return batch;
  }

  /** Reads and stores events, by a thread of their own. */
  private Outcome store(List<Found> batch) {
    List<Found> readable = new ArrayList<>();
    List<ScopedEvent> events = new ArrayList<>();
    List<ObjectNode> refusals = new ArrayList<>();
    for (Found found : batch) {
      try {
        events.add(found.read(intake));
        readable.add(found);
      } catch (RefusedEventException e) {
        refusals.add(line(found, e));
      }
    }
    List<Receipt> receipts =
        store == null
            ? Collections.nCopies(events.size(), Receipt.accepted())
            : store.append(events);
    for (int i = 0; i < receipts.size(); i++) {
      String reason = receipts.get(i).reason();
      if (reason != null) {
        refusals.add(line(readable.get(i), reason));
      }
    }
    return new Outcome(
        new ImportFigures(
            batch.size(),
            count(receipts, Receipt.Status.ACCEPTED),
            count(receipts, Receipt.Status.DUPLICATE),
            refusals.size()),
        refusals);
  }

  private static long count(List<Receipt> receipts, Receipt.Status status) {
    return receipts.stream().filter(receipt -> receipt.status() == status).count();
  }

  private void settle(Future<Outcome> batch) throws IOException, InterruptedException {
    Outcome outcome;
    try {
      outcome = batch.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
    figures = figures.plus(outcome.figures);
    for (ObjectNode refusal : outcome.refusals) {
      refused.add(refusal);
    }
    refused.flush();
    listener.accept(figures);
  }

  private static ObjectNode line(Found found, String reason) {
    ObjectNode line = RefusedFile.line(found.place(), found.eventId());
    addReason(line.putArray("reasons"), "event", reason);
    return line;
  }

  private static ObjectNode line(Found found, RefusedEventException e) {
    String eventId = found.eventId() == null ? e.eventId() : found.eventId();
    ObjectNode line = RefusedFile.line(found.place(), eventId);
    ArrayNode reasons = line.putArray("reasons");
    if (e.faults().isEmpty()) {
      addReason(reasons, "event", e.description());
    }
    for (FieldFault fault : e.faults()) {
      addReason(reasons, fault.field(), fault.message());
    }
    return line;
  }

  private static void addReason(ArrayNode reasons, String field, String message) {
    reasons.addObject().put("field", field).put("message", message);
  }

  /** What became of a batch, with a line for each event that was refused. */
  private record Outcome(ImportFigures figures, List<ObjectNode> refusals) {}
}
