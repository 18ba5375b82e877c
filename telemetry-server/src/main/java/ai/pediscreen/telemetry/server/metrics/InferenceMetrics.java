package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/**
 * What PediScreen's own service told Prometheus of its models, under the same names and labels.
 * Every event is counted once, when it is durable. Thread-safe; costs a few hash lookups an event.
 */
final class InferenceMetrics {

  /** How many models, organisations, error codes and fallbacks have labels of their own. */
  static final int LABEL_VALUES = 200;

  /** Of these, how many combinations; a histogram has eleven lines for each. */
  static final int COMBINATIONS = 2_000;

  private static final Duration[] LATENCY_BUCKETS = {
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final LabelValues orgs = new LabelValues(LABEL_VALUES);
  private final LabelValues models;
  private final LabelValues errorCodes = new LabelValues(LABEL_VALUES);
  private final LabelValues fallbackModels = new LabelValues(LABEL_VALUES);

  private final Series<Counter> requests;
  private final Series<Counter> errors;
  private final Series<Counter> fallbacks;
  private final Series<Timer> latencies;
  private final Series<Counter> costs;
  private final Series<Counter> unpriced;
  private final Series<Counter> tokens;

  /**
   * @param models the names of models, which other figures bear too
   */
  InferenceMetrics(MeterRegistry registry, LabelValues models) {
    this.models = models;
    this.requests =
        counters(registry, "ai.inference.requests", "Calls of models", "org_id", "model_name");
    this.errors =
        counters(
            registry,
            "ai.inference.errors",
            "Calls of models that failed",
            "org_id",
            "model_name",
            "error_code");
    this.fallbacks =
        counters(
            registry,
            "ai.inference.fallbacks",
            "Calls that a fallback answered",
            "org_id",
            "model_name",
            "fallback_model");
    this.costs =
        counters(
            registry,
            "ai.cost.usd",
            "Estimated cost of calls in US dollars",
            "org_id",
            "model_name");
    this.unpriced =
        counters(
            registry,
            "ai.inference.unpriced",
            "Calls with tokens but no cost",
            "org_id",
            "model_name");
    this.tokens =
        counters(
            registry,
            "gen.ai.client.token.usage",
            "Tokens of calls; cached ones are a part of the input, reasoning of the output",
            "org_id",
            "model_name",
            "token_type");
    this.latencies =
        new Series<>(
            COMBINATIONS,
            values ->
                Timer.builder("ai.inference.latency")
                    .description("How long calls of models took")
                    .serviceLevelObjectives(LATENCY_BUCKETS)
                    .tags(tags(List.of("org_id", "model_name"), values))
                    .register(registry));
  }

  /** Counts an event that was accepted and is durable. */
  void count(TelemetryEvent event) {
    String org = orgs.of(event.orgId());
    String model = models.of(event.modelId());
    requests.of(org, model).increment();
    if (event.isError()) {
      errors.of(org, model, errorCodes.of(event.errorReason())).increment();
    }
    if (event.isFallback()) {
      fallbacks.of(org, model, fallbackModels.of(event.response().fallbackTo())).increment();
    }
    Long latencyMillis = event.response().latencyMillis();
    if (latencyMillis != null) {
      latencies.of(org, model).record(Duration.ofMillis(latencyMillis));
    }
    if (event.costUsd() != null) {
      costs.of(org, model).increment(event.costUsd().doubleValue());
    }
    if (event.isUnpriced()) {
      unpriced.of(org, model).increment();
    }
    countTokens(org, model, event.tokens());
  }

  private void countTokens(String org, String model, Tokens used) {
    if (!used.isNone()) {
      countTokens(org, model, "input", used.input());
      countTokens(org, model, "cache_read", used.cacheRead());
      countTokens(org, model, "cache_write", used.cacheWrite());
      countTokens(org, model, "output", used.output());
      countTokens(org, model, "reasoning", used.reasoning());
    }
  }

  private void countTokens(String org, String model, String type, long count) {
    if (count > 0) {
      tokens.of(org, model, type).increment((double) count);
    }
  }

  private static Series<Counter> counters(
      MeterRegistry registry, String name, String description, String... labels) {
    return new Series<>(
        COMBINATIONS,
        values ->
            Counter.builder(name)
                .description(description)
                .tags(tags(List.of(labels), values))
                .register(registry));
  }

  private static Tags tags(List<String> labels, List<String> values) {
    Tags tags = Tags.empty();
    for (int i = 0; i < labels.size(); i++) {
      tags = tags.and(labels.get(i), values.get(i));
    }
    return tags;
  }
}
