package ai.pediscreen.telemetry.server.archive;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an event is written. */
public enum EventFormat {

  /**
   * A row for each event, with the fields that the contract names and a header (RFC 4180). Text
   * that a spreadsheet would take for a formula begins with an apostrophe. What a call's {@code
   * request} and {@code response} hold beside those fields is left out.
   */
  CSV("text/csv; charset=utf-8; header=present") {

    @Override
    String header() {
      return "timestamp,event_id,org_id,app,user_id,case_id,model_id,adapter_id,provider,"
          + "latency_ms,status_code,error,fallback_to,error_code,cost_estimate_usd,region,agent,"
          + "trace_id\r\n";
    }

    @Override
    String line(TelemetryEvent event) {
      Model model = event.model();
      StringBuilder row = new StringBuilder(256);
      row.append(event.timestamp());
      text(row, event.eventId());
      text(row, event.orgId());
      text(row, event.app());
      text(row, event.userId());
      text(row, event.caseId());
      text(row, model == null ? null : model.modelId());
      text(row, model == null ? null : model.adapterId());
      text(row, model == null ? null : model.provider());
      number(row, event.response().latencyMillis());
      number(row, event.response().statusCode());
      row.append(',').append(event.isError());
      text(row, event.response().fallbackTo());
      text(row, event.response().errorCode());
      BigDecimal cost = event.costUsd();
      number(row, cost == null ? null : cost.toPlainString());
      text(row, event.region());
      text(row, event.agent());
      text(row, event.traceId());
      return row.append("\r\n").toString();
    }

    @Override
    String end(long events) {
      return "#events," + events + "\r\n";
    }
  },

  /** The whole event as one line of JSON, as {@code POST /events} takes it. */
  NDJSON("application/x-ndjson") {

    @Override
    String header() {
      return "";
    }

    @Override
    String line(TelemetryEvent event) {
      try {
        return JSON.writeValueAsString(event.toMap()) + "\n";
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("an event holds only JSON values", e);
      }
    }

    @Override
    String end(long events) {
      return "{\"events\":" + events + "}\n";
    }
  };

  /** With exponents: 1e-300 written out is longer than what may be posted again. */
  private static final ObjectWriter JSON = new JsonMapper().writer();

  /** What makes a spreadsheet compute a cell, the full-width forms too. */
  private static final String FORMULA_BEGINNINGS = "=+-@\uff1d\uff0b\uff0d\uff20";

  /** What makes some spreadsheet compute a cell by itself, or take it for the end of one. */
  private static final String CONTROLS = "\t\r\n";

  private final String contentType;

  EventFormat(String contentType) {
    this.contentType = contentType;
  }

  /** The media type of a file. */
  public String contentType() {
    return contentType;
  }

  /** What files are called, and the command line calls the format. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What comes before the first event. */
  abstract String header();

  /**
   * What ends a file whose reader asked for it: how many events there are, so that a file that was
   * cut can be told from a whole one.
   */
  abstract String end(long events);

  /** One event with the end of its line. */
  abstract String line(TelemetryEvent event);

  private static void number(StringBuilder row, @Nullable Object number) {
    row.append(',');
    if (number != null) {
      row.append(number);
    }
  }

  private static void text(StringBuilder row, @Nullable String text) {
    row.append(',');
    if (text == null || text.isEmpty()) {
      return;
    }
    String cell = isFormula(text) ? "'" + text : text;
    if (cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
      row.append(cell);
    } else {
      row.append('"').append(cell.replace("\"", "\"\"")).append('"');
    }
  }

  /** Blanks and invisible characters before a formula are passed over, as spreadsheets do. */
  private static boolean isFormula(String text) {
    String visible = TelemetryEvent.trimmedId(text);
    return CONTROLS.indexOf(text.charAt(0)) >= 0
        || (!visible.isEmpty() && FORMULA_BEGINNINGS.indexOf(visible.charAt(0)) >= 0);
  }
}
