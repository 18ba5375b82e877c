package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;

/**
 * A type of BigQuery, and what the Storage Write API takes for it ("Data type conversions" in its
 * documentation).
 */
enum ColumnType {
  STRING(StandardSQLTypeName.STRING, FieldDescriptorProto.Type.TYPE_STRING),
  INT64(StandardSQLTypeName.INT64, FieldDescriptorProto.Type.TYPE_INT64),
  FLOAT64(StandardSQLTypeName.FLOAT64, FieldDescriptorProto.Type.TYPE_DOUBLE),
  /** As decimal text, so that no digit is lost. */
  BIGNUMERIC(StandardSQLTypeName.BIGNUMERIC, FieldDescriptorProto.Type.TYPE_STRING),
  DATE(StandardSQLTypeName.DATE, FieldDescriptorProto.Type.TYPE_STRING),
  /** As microseconds since 1970. */
  TIMESTAMP(StandardSQLTypeName.TIMESTAMP, FieldDescriptorProto.Type.TYPE_INT64),
  JSON(StandardSQLTypeName.JSON, FieldDescriptorProto.Type.TYPE_STRING);

  private final StandardSQLTypeName sqlType;
  private final FieldDescriptorProto.Type protoType;

  ColumnType(StandardSQLTypeName sqlType, FieldDescriptorProto.Type protoType) {
    this.sqlType = sqlType;
    this.protoType = protoType;
  }

  StandardSQLTypeName sqlType() {
    return sqlType;
  }

  FieldDescriptorProto.Type protoType() {
    return protoType;
  }
}
