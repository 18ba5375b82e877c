package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import java.util.List;
import java.util.Map;

/**
 * Whatever runs GoogleSQL. All that is asked of it is what the service's REST interface says of a
 * row: texts, nulls, records and repetitions of them.
 */
interface GoogleSql {

  /**
   * Runs one query, which sees one state of the tables.
   *
   * @param sql one SELECT, with named parameters
   * @param parameters a value for each of them
   * @return all rows; fields can be had by name
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if there is no answer in time
   */
  List<FieldValueList> rows(String sql, Map<String, QueryParameterValue> parameters);
}
