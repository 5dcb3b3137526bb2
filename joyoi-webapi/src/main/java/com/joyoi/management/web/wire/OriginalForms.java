package com.joyoi.management.web.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonAppend;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.StateMachineDefinition;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the C# service wrote otherwise, by its sources (Newtonsoft.Json behind ASP.NET Core 2, times
 * in MySQL): enumerations as numbers, nulls written out, times without zone where they came from
 * columns, with a {@code Z} where they came from JSON within a column. What it did not have is
 * written as in the current form.
 */
final class OriginalForms extends SimpleModule {
  private static final long serialVersionUID = 1L;

  OriginalForms() {
    addSerializer(new Number<>(InstanceStatus.class));
    addSerializer(new Number<>(ActorStatus.class));
    setMixInAnnotation(Instance.class, TimesOfInstance.class);
    setMixInAnnotation(ActorRun.class, RunInJson.class);
    setMixInAnnotation(ActorDefinition.class, TimesOfDefinition.class);
    setMixInAnnotation(StateMachineDefinition.class, TimesOfDefinition.class);
    setMixInAnnotation(BlobInfo.class, NullBody.class);
    setMixInAnnotation(Limitation.class, NullLimits.class);
  }

  interface TimesOfInstance {
    @JsonSerialize(using = FromColumn.class)
    Instant startTime();

    @JsonSerialize(using = FromColumn.class)
    @Nullable Instant endTime();
  }

  interface TimesOfDefinition {
    @JsonSerialize(using = FromColumn.class)
    Instant createTime();

    @JsonSerialize(using = FromColumn.class)
    Instant updateTime();
  }

  interface RunInJson {
    @JsonSerialize(using = FromJson.class)
    Instant startTime();

    @JsonSerialize(using = FromJson.class)
    @Nullable Instant endTime();

    @JsonIgnore
    @Nullable String usedContainer();

    @JsonIgnore(false)
    @JsonProperty("usedContainer")
    @Nullable String usedContainerName();
  }

  /** A list of blobs had their bodies as null. */
  @JsonAppend(attrs = @JsonAppend.Attr(value = "body", include = Include.ALWAYS))
  interface NullBody {}

  interface NullLimits {
    @JsonInclude(Include.ALWAYS)
    @Nullable Long cpuPeriod();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long cpuQuota();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long memory();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long memorySwap();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long blkioDeviceReadBps();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long blkioDeviceWriteBps();

    @JsonInclude(Include.ALWAYS)
    @Nullable Long executionTimeout();

    @JsonInclude(Include.ALWAYS)
    @Nullable Boolean enableNetwork();

    @JsonInclude(Include.ALWAYS)
    @JsonSerialize(nullsUsing = EmptyObject.class)
    @Nullable Map<String, Long> ulimit();
  }

  private static final class Number<E extends Enum<E>> extends StdSerializer<E> {
    private static final long serialVersionUID = 1L;

    Number(Class<E> type) {
      super(type);
    }

    @Override
    public void serialize(E value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(value.ordinal());
    }
  }

  private static final class EmptyObject extends StdSerializer<Object> {
    private static final long serialVersionUID = 1L;

    EmptyObject() {
      super(Object.class);
    }

    @Override
    public void serialize(@Nullable Object value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeEndObject();
    }
  }

  /** A fraction has as many digits as it needs, up to microseconds, and no point without any. */
  private abstract static class Time extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    private static final DateTimeFormatter FORM =
        new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private final String zone;

    Time(String zone) {
      super(Instant.class);
      this.zone = zone;
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(FORM.format(LocalDateTime.ofInstant(value, ZoneOffset.UTC)) + zone);
    }
  }

  private static final class FromColumn extends Time {
    private static final long serialVersionUID = 1L;

    FromColumn() {
      super("");
    }
  }

  private static final class FromJson extends Time {
    private static final long serialVersionUID = 1L;

    FromJson() {
      super("Z");
    }
  }
}
