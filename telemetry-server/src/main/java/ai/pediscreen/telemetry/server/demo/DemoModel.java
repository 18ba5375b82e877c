package ai.pediscreen.telemetry.server.demo;

import java.util.List;

/**
 * One of the models that the demonstration pretends to call.
 *
 * @param id its name
 * @param provider who runs it
 * @param adapters what it is called with, each as often as the others
 * @param share of all calls; the shares of all models add up to 1
 * @param medianMillis median latency
 * @param sigma spread of the latency's logarithm
 * @param costUsd mean cost of a call
 * @param fallback what answers when it does not
 * @param says whether it says how sure it is and how high the risk
 */
record DemoModel(
    String id,
    String provider,
    List<String> adapters,
    double share,
    double medianMillis,
    double sigma,
    double costUsd,
    String fallback,
    boolean says) {

  /** The adapter that was replaced, and the one that took its place. */
  static final String OLD_ADAPTER = "asq3-24m";

  static final String NEW_ADAPTER = "asq3-24m-r2";

  /**
   * Writes reports. Fails for two hours, three days ago; with another adapter since four days ago,
   * and other answers.
   */
  static final DemoModel REPORTS =
      new DemoModel(
          "medgemma-4b-it",
          "vertex-ai",
          List.of(OLD_ADAPTER, "asq3-36m", "mchat-r"),
          0.24,
          420,
          0.45,
          0.00125,
          "gemini-2.5-flash",
          true);

  /** Listens to speech. Has been getting slower for six days. */
  static final DemoModel SPEECH =
      new DemoModel(
          "speech-milestones-3",
          "on-premises",
          List.of("en-us", "es-mx"),
          0.19,
          780,
          0.42,
          0.00220,
          "whisper-small",
          false);

  /** Follows the gaze in videos. Falls back to rules for an afternoon, five days ago. */
  static final DemoModel GAZE =
      new DemoModel(
          "gaze-tracker-2",
          "edge",
          List.of("tablet"),
          0.19,
          85,
          0.35,
          0.00008,
          "rules-2024",
          false);

  /** Writes summaries for parents. Costs more since six days ago. */
  static final DemoModel SUMMARIES =
      new DemoModel(
          "gemini-2.5-flash",
          "google",
          List.of("parent-summary"),
          0.19,
          650,
          0.50,
          0.00090,
          "medgemma-4b-it",
          false);

  static final List<DemoModel> ALL =
      List.of(
          REPORTS,
          SUMMARIES,
          SPEECH,
          GAZE,
          new DemoModel(
              "risk-stratifier-xgb",
              "on-premises",
              List.of("cohort-2026"),
              0.19,
              24,
              0.30,
              0.000004,
              "rules-2024",
              true));
}
