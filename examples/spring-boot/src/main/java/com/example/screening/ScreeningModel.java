package com.example.screening;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.stereotype.Component;

/** Stands for a chat model of Spring AI, and is observed as these are. */
@Component
class ScreeningModel {

  private final ObservationRegistry observations;

  ScreeningModel(ObservationRegistry observations) {
    this.observations = observations;
  }

  /**
   * What the model finds.
   *
   * @throws NothingToScreenException if the text is blank
   */
  String ask(String text) {
    Call call = new Call();
    return Observation.createNotStarted(new AsSpringAi(), () -> call, observations)
        .observe(() -> call.answer(text));
  }

  static final class NothingToScreenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NothingToScreenException() {
      super("there is nothing to screen");
    }
  }

  private static final class Call extends Observation.Context {

    private int read;
    private int written;

    String answer(String text) {
      if (text.isBlank()) {
        throw new NothingToScreenException();
      }
      read = text.split(" ").length;
      written = 1;
      return read < 6 ? "no finding" : "refer";
    }
  }

  /** Tells a call as Spring AI's {@code DefaultChatModelObservationConvention} does. */
  private static final class AsSpringAi implements ObservationConvention<Call> {

    @Override
    public String getName() {
      return "gen_ai.client.operation";
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof Call;
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(Call call) {
      return KeyValues.of(
          "gen_ai.operation.name", "chat",
          "gen_ai.system", "vertex",
          "gen_ai.request.model", "medgemma-4b");
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(Call call) {
      return KeyValues.of(
          "gen_ai.usage.input_tokens", Integer.toString(call.read),
          "gen_ai.usage.output_tokens", Integer.toString(call.written));
    }
  }
}
