package com.example.screening;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.TelemetryCall;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.springframework.stereotype.Component;

/**
 * Records each call of a model that is observed under the name and the keys of OpenTelemetry's
 * conventions for generative AI. Spring AI observes its chat, embedding and image models that way,
 * so that nothing else is needed beside it.
 */
@Component
class ModelCallHandler implements ObservationHandler<Observation.Context> {

  private static final String CALL = "gen_ai.client.operation";

  private final Telemetry telemetry;

  ModelCallHandler(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** An observation has no name yet when this is asked. */
  @Override
  public boolean supportsContext(Observation.Context context) {
    return true;
  }

  @Override
  public void onStart(Observation.Context context) {
    if (CALL.equals(context.getName())) {
      String model = value(context, "gen_ai.request.model");
      context.put(TelemetryCall.class, telemetry.start(model == null ? "unknown" : model));
    }
  }

  @Override
  public void onStop(Observation.Context context) {
    TelemetryCall call = context.get(TelemetryCall.class);
    if (call == null) {
      return;
    }
    try (call) {
      call.with(event -> event.provider(value(context, "gen_ai.system")))
          .with(event -> event.tokens(tokens(context, "input"), tokens(context, "output")));
      if (context.getError() == null) {
        call.status(200);
      } else {
        call.failed(context.getError());
      }
    }
  }

  private static long tokens(Observation.Context context, String direction) {
    String count = value(context, "gen_ai.usage." + direction + "_tokens");
    return count == null ? 0 : Long.parseLong(count);
  }

  /** Null if there is none. */
  private static String value(Observation.Context context, String key) {
    KeyValue found = context.getLowCardinalityKeyValue(key);
    if (found == null) {
      found = context.getHighCardinalityKeyValue(key);
    }
    return found == null || found.getValue().equals(KeyValue.NONE_VALUE) ? null : found.getValue();
  }
}
