package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.server.archive.CsvRow;
import java.util.List;

/** Drift records as a table: the fields of {@code action=drift}. */
final class DriftFile {

  private static final String HEADER =
      "date,org_id,model_id,feature,subgroup,reference,psi_score,severity,alert,verdict,p_value,"
          + "direction,median_shift,wasserstein,reference_count,current_count,critical_value,"
          + "reference_missing_share,missing_share,missing_p_value,summary\r\n";

  private DriftFile() {}

  static String csv(List<DriftRecord> records) {
    StringBuilder file = new StringBuilder(HEADER);
    records.forEach(one -> file.append(row(one)));
    return file.toString();
  }

  private static String row(DriftRecord one) {
    DriftFigures figures = one.figures();
    return new CsvRow(one.date())
        .text(one.org().orgId())
        .text(one.modelId())
        .text(one.feature())
        .text(one.subject().subgroup())
        .value(one.reference())
        .value(one.psi())
        .value(DriftAnswers.label(one.severity()))
        .value(one.alert())
        .value(one.verdict())
        .value(figures.pValue())
        .value(figures.direction() == null ? null : DriftAnswers.label(figures.direction()))
        .value(figures.medianShift())
        .value(figures.wasserstein())
        .value(one.referenceCount())
        .value(one.currentCount())
        .value(one.criticalValue())
        .value(figures.referenceMissingShare())
        .value(figures.missingShare())
        .value(figures.missingPValue())
        .text(figures.summary())
        .line();
  }
}
