package com.joyoi.management.persistence;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the events of a run tell. */
final class RunEvents {
  private RunEvents() {}

  static Map<String, ?> started(UUID id, String actor, String stage, @Nullable String tag) {
    var data = new LinkedHashMap<String, Object>();
    data.put("run", id);
    data.put("name", actor);
    data.put("stage", stage);
    if (tag != null) {
      data.put("tag", tag);
    }
    return data;
  }

  static Map<String, ?> ended(UUID id, ActorRun run, boolean succeeded) {
    var data = new LinkedHashMap<String, Object>(started(id, run.name(), run.stage(), run.tag()));
    data.put("status", (succeeded ? ActorStatus.SUCCEEDED : ActorStatus.FAILED).wireName());
    return data;
  }
}
