package io.millrace.bench;

import io.millrace.bench.OpenPipelineSubject.Snapshots;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The subjects by name. */
final class Subjects {
    private static final String ESPER = "io.millrace.bench.EsperSubject";
    private static final Map<String, Subject.Factory> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("generator", options -> new GeneratorSubject());
        BY_NAME.put("fused-noop", options -> new NoopPipelineSubject(options, true));
        BY_NAME.put("fused-noop-unread", options -> new NoopPipelineSubject(options, false));
        BY_NAME.put("disruptor", options -> new BareRingSubject(options, true));
        BY_NAME.put("disruptor-unread", options -> new BareRingSubject(options, false));
        for (Query query : List.of(Query.Q1, Query.Q2, Query.Q2L, Query.Q3, Query.Q4, Query.ALL, Query.RULES)) {
            String suffix = '-' + query.name().toLowerCase(Locale.ROOT);
            BY_NAME.put("millrace" + suffix, options -> new QuerySubject(query, false, options));
            BY_NAME.put("millrace" + suffix + "-journal", options -> new QuerySubject(query, true, options));
            BY_NAME.put("esper" + suffix, options -> esper(query));
            BY_NAME.put("collections" + suffix, options -> new CollectionsSubject(query, false));
        }
        BY_NAME.remove("collections-rules");
        BY_NAME.put("collections-q2-loop", options -> new CollectionsSubject(Query.Q2, true));
        BY_NAME.put("millrace-q3r", options -> new QuerySubject(Query.Q3R, false, options));
        BY_NAME.put("millrace-q123", options -> new QuerySubject(Query.Q123, false, options));
        BY_NAME.put("millrace-q123-journal", options -> new QuerySubject(Query.Q123, true, options));
        BY_NAME.put("frames-burst", options -> new FrameLogSubject(options, true));
        BY_NAME.put("chronicle-burst", options -> new ChronicleBurstSubject(options, false));
        BY_NAME.put("chronicle-burst-direct", options -> new ChronicleBurstSubject(options, true));
        BY_NAME.put("frames-sustained", options -> new FrameLogSubject(options, false));
        BY_NAME.put("frames-reserved", options -> new ReservationSubject(options, true));
        BY_NAME.put("frames-unreserved", options -> new ReservationSubject(options, false));
        BY_NAME.put("channel-sustained", ChannelSubject::new);
        BY_NAME.put("millrace-open", OpenPipelineSubject::new);
        BY_NAME.put("disruptor-open", OpenRingSubject::new);
        BY_NAME.put("floor-open", OpenFloorSubject::new);
        BY_NAME.put("millrace-synced", SyncedPipelineSubject::new);
        BY_NAME.put("floor-synced", SyncedFloorSubject::new);
        BY_NAME.put("stream-q2", StreamSubject::new);
        BY_NAME.put("hop-1s", options -> new HopSubject(1));
        BY_NAME.put("hop-5min", options -> new HopSubject(300));
        BY_NAME.put("sweep-1m", options -> new SweepSubject(1_000_000, options));
        BY_NAME.put("sweep-10k", options -> new SweepSubject(10_000, options));
        BY_NAME.put("hiccup", options -> new HiccupSubject());
        BY_NAME.put("millrace-idle", options -> new IdleSubject(options, true));
        BY_NAME.put("jvm-idle", options -> new IdleSubject(options, false));
        BY_NAME.put("millrace-wake-up", options -> new WakeUpSubject(options, false));
        BY_NAME.put("disruptor-wake-up", options -> new WakeUpSubject(options, true));
        BY_NAME.put("start-empty", options -> new StartSubject(options, 0));
        BY_NAME.put("start-10m", options -> new StartSubject(options, 10_000_000));
        BY_NAME.put("replay-max", options -> new ReplaySubject(options, true));
        BY_NAME.put("replay-live", options -> new ReplaySubject(options, false));
        BY_NAME.put("recovery-snapshot", options -> StartSubject.recovery(options, true));
        BY_NAME.put("recovery-full", options -> StartSubject.recovery(options, false));
        BY_NAME.put("open-follower", options -> new OpenPipelineSubject(options, Snapshots.FOLLOWER));
        BY_NAME.put("open-inline", options -> new OpenPipelineSubject(options, Snapshots.INLINE));
        BY_NAME.put("open-none", options -> new OpenPipelineSubject(options, Snapshots.NONE));
    }

    private Subjects() {}

    static Subject.Factory named(String name) {
        Subject.Factory factory = BY_NAME.get(name);
        if (factory == null) {
            throw new IllegalArgumentException(
                    "unknown subject: name=" + name + " (expected: " + String.join(", ", BY_NAME.keySet()) + ")");
        }
        return factory;
    }

    /** Esper is there only if the profile peers was built. */
    private static Subject esper(Query query) throws ReflectiveOperationException {
        return (Subject)
                Class.forName(ESPER).getDeclaredConstructor(Query.class).newInstance(query);
    }
}
