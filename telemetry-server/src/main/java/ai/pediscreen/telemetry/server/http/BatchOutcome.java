package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a batch: first which of its events can be read, then what the store said of
 * those. Used by one thread at a time.
 */
final class BatchOutcome {

  static final String STORE_REFUSED = "STORE_REFUSED";

  private final List<ScopedEvent> events = new ArrayList<>();
  private final List<String> refusedWith = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private int size;
  private int accepted;
  private int duplicates;
  private int rejected;

  /**
   * Reads some of the batch's events, after those that were read before.
   *
   * @param caller whose events they must be
   * @param documents where the events are, in order
   * @return those that could be read, in order
   */
  List<ScopedEvent> read(
      EventDecoder decoder, Caller caller, byte[] body, List<EventDocuments.Span> documents) {
    int before = events.size();
    for (EventDocuments.Span document : documents) {
      int index = size++;
      try {
        events.add(decoder.decode(caller, body, document));
        indexes.add(index);
      } catch (RefusedEventException e) {
        refuse(index, e);
      }
    }
    return events.subList(before, events.size());
  }

  /** The error code of each event that could not be read, or may not be written. */
  List<String> refusals() {
    return refusedWith;
  }

  /** Counts what the store said: one receipt for each event that could be read. */
  void stored(List<Receipt> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      Receipt receipt = receipts.get(i);
      switch (receipt.status()) {
        case ACCEPTED -> accepted++;
        case DUPLICATE -> duplicates++;
        case REFUSED -> {
          rejected++;
          String reason = receipt.reason() == null ? "was refused" : receipt.reason();
          refusals.add(
              new Refusal(
                  indexes.get(i), events.get(i).event().eventId(), STORE_REFUSED, null, reason));
        }
      }
    }
    refusals.sort(Comparator.comparingInt(Refusal::index));
  }

  /** 202 when nothing was refused, 207 when some were, 422 when all were. */
  int status() {
    if (rejected == 0) {
      return 202;
    }
    return accepted + duplicates == 0 ? 422 : 207;
  }

  ObjectNode toJson() {
    ObjectNode json = AnswerJson.object();
    json.put(
        "status",
        switch (status()) {
          case 202 -> "accepted";
          case 207 -> "partial";
          default -> "rejected";
        });
    json.put("accepted", accepted);
    json.put("duplicates", duplicates);
    json.put("rejected", rejected);
    ArrayNode errors = json.putArray("errors");
    for (Refusal refusal : refusals) {
      errors
          .addObject()
          .put("index", refusal.index())
          .put("event_id", refusal.eventId())
          .put("error_code", refusal.errorCode())
          .put("field", refusal.field())
          .put("message", refusal.message());
    }
    return json;
  }

  private void refuse(int index, RefusedEventException e) {
    rejected++;
    refusedWith.add(e.errorCode());
    if (e.faults().isEmpty()) {
      refusals.add(new Refusal(index, e.eventId(), e.errorCode(), null, e.description()));
    }
    for (FieldFault fault : e.faults()) {
      refusals.add(new Refusal(index, e.eventId(), e.errorCode(), fault.field(), fault.message()));
    }
  }

  /** One entry of {@code errors}: one fault of one event. */
  private record Refusal(
      int index,
      @Nullable String eventId,
      String errorCode,
      @Nullable String field,
      String message) {}
}
