package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events as arrays of equal length, one for each column. */
final class EventColumns {
  private final long[] micros;
  private final String[] orgIds;
  private final String[] eventIds;
  private final String[] modelIds;
  private final boolean[] errors;
  private final @Nullable Integer[] latencies;
  private final @Nullable Integer[] statusCodes;
  private final @Nullable String[] fallbacks;
  private final @Nullable String[] errorCodes;
  private final @Nullable BigDecimal[] costs;
  private final @Nullable String[] caseIds;
  private final @Nullable String[] traceIds;
  private final @Nullable String[] userIds;
  private final Tokens[] tokens;
  private final String[] payloads;

  EventColumns(List<ScopedEvent> events) {
    int size = events.size();
    micros = new long[size];
    orgIds = new String[size];
    eventIds = new String[size];
    modelIds = new String[size];
    errors = new boolean[size];
    latencies = new Integer[size];
    statusCodes = new Integer[size];
    fallbacks = new String[size];
    errorCodes = new String[size];
    costs = new BigDecimal[size];
    caseIds = new String[size];
    traceIds = new String[size];
    userIds = new String[size];
    tokens = new Tokens[size];
    payloads = new String[size];
    for (int i = 0; i < size; i++) {
      put(i, events.get(i));
    }
  }

  private void put(int i, ScopedEvent stored) {
    TelemetryEvent event = stored.event();
    Response response = event.response();
    Long latencyMillis = response.latencyMillis();
    micros[i] = EventAppend.micros(event);
    orgIds[i] = orNone(event.orgId());
    eventIds[i] = event.eventId();
    modelIds[i] = orNone(event.modelId());
    errors[i] = event.isError();
    latencies[i] = latencyMillis == null ? null : latencyMillis.intValue();
    statusCodes[i] = response.statusCode();
    fallbacks[i] = response.fallbackTo();
    errorCodes[i] = response.errorCode();
    costs[i] = event.costUsd();
    caseIds[i] = event.caseId();
    traceIds[i] = event.traceId();
    userIds[i] = event.userId();
    tokens[i] = event.tokens();
    payloads[i] = EventJson.json(stored);
  }

  void bind(Parameters parameters) throws SQLException {
    parameters.array("int8", micros);
    parameters.array("text", orgIds);
    parameters.array("text", eventIds);
    parameters.array("text", modelIds);
    parameters.array("bool", errors);
    parameters.array("int4", latencies);
    parameters.array("int4", statusCodes);
    parameters.array("text", fallbacks);
    parameters.array("text", errorCodes);
    parameters.array("numeric", costs);
    parameters.array("text", caseIds);
    parameters.array("text", traceIds);
    parameters.array("text", userIds);
    TokenColumns.bind(parameters, tokens);
    parameters.array("text", payloads);
  }
}
