package ai.pediscreen.telemetry.server.archive;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an event is written. */
public enum EventFormat {

  /**
   * A {@link CsvRow} for each event, with the fields that the contract names, its tokens, and a
   * header. What a call's {@code request} and {@code response} hold beside those fields is left
   * out.
   */
  CSV(CsvRow.CONTENT_TYPE) {

    @Override
    String header() {
      return "timestamp,event_id,org_id,app,user_id,case_id,model_id,adapter_id,provider,"
          + "latency_ms,status_code,error,fallback_to,error_code,cost_estimate_usd,region,agent,"
          + "trace_id,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,"
          + "reasoning_tokens\r\n";
    }

    @Override
    String line(TelemetryEvent event) {
      Model model = event.model();
      BigDecimal cost = event.costUsd();
      Tokens tokens = event.tokens();
      return new CsvRow(event.timestamp())
          .text(event.eventId())
          .text(event.orgId())
          .text(event.app())
          .text(event.userId())
          .text(event.caseId())
          .text(model == null ? null : model.modelId())
          .text(model == null ? null : model.adapterId())
          .text(model == null ? null : model.provider())
          .value(event.response().latencyMillis())
          .value(event.response().statusCode())
          .value(event.isError())
          .text(event.response().fallbackTo())
          .text(event.response().errorCode())
          .value(cost == null ? null : cost.toPlainString())
          .text(event.region())
          .text(event.agent())
          .text(event.traceId())
          .value(count(tokens, tokens.input()))
          .value(count(tokens, tokens.cacheRead()))
          .value(count(tokens, tokens.cacheWrite()))
          .value(count(tokens, tokens.output()))
          .value(count(tokens, tokens.reasoning()))
          .line();
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
   * The end of a file on request: how many events there are, so that a truncated file can be
   * recognised.
   */
  abstract String end(long events);

  /** One event with the end of its line. */
  abstract String line(TelemetryEvent event);

  /** Null where an event says nothing of tokens. */
  private static @Nullable Long count(Tokens tokens, long count) {
    return tokens.isNone() ? null : (Long) count;
  }
}
