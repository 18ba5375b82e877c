package ai.pediscreen.telemetry.postgres.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class RefusedByDatabaseTest {

  @ParameterizedTest
  @ValueSource(strings = {"22P02", "22001", "23514", "54000", "P0001"})
  void faultOfTheData_isARefusal(String state) {
    assertThat(RefusedByDatabase.isRefusal(ofTheServer(state))).isTrue();
  }

  @Test
  void roleThatIsMissing_isNoFaultOfTheData() {
    assertThat(RefusedByDatabase.isRefusal(ofTheServer("22023"))).isFalse();
  }

  @Test
  void statementTooLargeForTheDriver_isARefusal() {
    assertThat(
            RefusedByDatabase.isRefusal(
                new PSQLException("too large", PSQLState.INVALID_PARAMETER_VALUE)))
        .isTrue();
  }

  private static SQLException ofTheServer(String state) {
    return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0Mfault\0"));
  }
}
