package com.joyoi.management.persistence;

import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.model.ActorStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the events of a run tell. */
final class RunEvents {
  private RunEvents() {}

  static Map<String, ?> started(NewRun run) {
    var data = new LinkedHashMap<String, Object>();
    data.put("run", run.id());
    data.put("name", run.actor());
    data.put("stage", run.stage());
    if (run.tag() != null) {
      data.put("tag", run.tag());
    }
    return data;
  }

  static Map<String, ?> ended(NewRun run, boolean succeeded) {
    var data = new LinkedHashMap<String, Object>(started(run));
    data.put("status", (succeeded ? ActorStatus.SUCCEEDED : ActorStatus.FAILED).wireName());
    return data;
  }
}
