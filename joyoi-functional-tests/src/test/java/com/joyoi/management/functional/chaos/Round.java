package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.chaos.Checker.Complaint;
import com.joyoi.management.functional.chaos.Checker.Wrong;
import com.joyoi.management.functional.chaos.Jobs.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * One fault under load.
 *
 * @param number from 1
 * @param seed decides everything that is chosen
 * @param services how many there are
 */
record Round(int number, long seed, int services, Fault fault) {
  /** In flight when the fault begins. */
  static final int BEFORE = 20;

  /** That come while it is there. */
  private static final int DURING = 10;

  private static final int SUBMIT_MINUTES = 5;

  /**
   * What came of it.
   *
   * @param accepted jobs
   * @param faultMillis how long the fault took
   * @param recoveryMillis from its end until all was seen to be right
   * @param notes what should be known of it
   */
  record Outcome(
      Round round,
      int accepted,
      long faultMillis,
      long recoveryMillis,
      List<String> notes,
      List<Complaint> complaints) {}

  Outcome run(World world) throws Exception {
    var random = new Random(seed);
    var receiver = "http://127.0.0.1:" + world.receiver().port();
    var load = new Load(world.services(), receiver);
    world.programs().takeMost();
    load.submit(jobs("before", BEFORE, random), new Random(random.nextLong()));
    var during = jobs("during", DURING, random);
    var choices = new Random(random.nextLong());
    var submitting =
        CompletableFuture.runAsync(
            () -> {
              try {
                load.submit(during, choices);
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            },
            task -> Thread.ofVirtual().start(task));
    var begin = System.nanoTime();
    var complaints = new ArrayList<Complaint>();
    try {
      fault.strike().at(world, random);
    } catch (Exception e) {
      complaints.add(new Complaint(Wrong.UNWELL, "it could not be healed: " + e));
    }
    var healed = System.nanoTime();
    try {
      submitting.orTimeout(SUBMIT_MINUTES, TimeUnit.MINUTES).join();
    } catch (CompletionException e) {
      complaints.add(new Complaint(Wrong.UNWELL, "not all instances were accepted: " + e));
    }
    complaints.addAll(new Checker(world, load, random).check());
    return new Outcome(
        this,
        load.accepted().size(),
        (healed - begin) / 1_000_000,
        (System.nanoTime() - healed) / 1_000_000,
        world.takeNotes(),
        complaints);
  }

  private List<Job> jobs(String when, int count, Random random) {
    var jobs = new ArrayList<Job>();
    for (int i = 1; i <= count; i++) {
      jobs.add(Job.draw(random, "%x-%d-%s-%d".formatted(seed, number, when, i)));
    }
    return jobs;
  }

  @Override
  public String toString() {
    return "round %d, %s, %s, seed %d"
        .formatted(
            number, services == 1 ? "one service" : services + " services", fault.name(), seed);
  }
}
