package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a batch: which of its events could not be read, and the store's receipts of the
 * others. The first {@link #MAX_FAULTS} faults are listed, and of the rest only which events have
 * them, so that answers stay small. Used by one thread at a time.
 */
final class BatchOutcome {

  /** How many faults an answer names. */
  static final int MAX_FAULTS = 100;

  static final String STORE_REFUSED = "STORE_REFUSED";

  private static final Comparator<Fault> BY_INDEX = Comparator.comparingInt(Fault::index);

  /** Those with the lowest indexes, and some more before they are sorted out. */
  private final List<Fault> faults = new ArrayList<>();

  private final BitSet refused = new BitSet();
  private int faultCount;
  private int accepted;
  private int duplicates;

  /** An event could not be read, or may not be written. */
  void refused(int index, RefusedEventException e) {
    refused.set(index);
    if (e.faults().isEmpty()) {
      add(new Fault(index, e.eventId(), e.errorCode(), null, e.description()));
    }
    for (FieldFault fault : e.faults()) {
      add(new Fault(index, e.eventId(), e.errorCode(), fault.field(), fault.message()));
    }
  }

  /** The store answered for an event. */
  void stored(int index, String eventId, Receipt receipt) {
    switch (receipt.status()) {
      case ACCEPTED -> accepted++;
      case DUPLICATE -> duplicates++;
      case REFUSED -> {
        refused.set(index);
        String reason = receipt.reason() == null ? "was refused" : receipt.reason();
        add(new Fault(index, eventId, STORE_REFUSED, null, reason));
      }
    }
  }

  /** 202 when nothing was refused, 207 when some were, 422 when all were. */
  int status() {
    if (refused.isEmpty()) {
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
    json.put("rejected", refused.cardinality());
    ArrayNode errors = json.putArray("errors");
    keepFirst();
    for (Fault fault : faults) {
      errors
          .addObject()
          .put("index", fault.index())
          .put("event_id", fault.eventId())
          .put("error_code", fault.errorCode())
          .put("field", fault.field())
          .put("message", fault.message());
    }
    if (faultCount > MAX_FAULTS) {
      json.put("rejected_indexes", ranges(refused));
    }
    return json;
  }

  private void add(Fault fault) {
    faultCount++;
    faults.add(fault);
    if (faults.size() >= 2 * MAX_FAULTS) {
      keepFirst();
    }
  }

  /** Parts of a batch are stored in any order. */
  private void keepFirst() {
    faults.sort(BY_INDEX);
    if (faults.size() > MAX_FAULTS) {
      faults.subList(MAX_FAULTS, faults.size()).clear();
    }
  }

  /** Such as {@code 0-41,77}. */
  private static String ranges(BitSet indexes) {
    StringBuilder text = new StringBuilder();
    for (int from = indexes.nextSetBit(0); from >= 0; ) {
      int to = indexes.nextClearBit(from) - 1;
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (to > from) {
        text.append('-').append(to);
      }
      from = indexes.nextSetBit(to + 1);
    }
    return text.toString();
  }

  /** One entry of {@code errors}: one fault of one event. */
  private record Fault(
      int index,
      @Nullable String eventId,
      String errorCode,
      @Nullable String field,
      String message) {}
}
