package dev.nstm.cuda;

import dev.nstm.cuda.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Repeated work, recorded as CUDA graphs. The first time it is done without recording, because it may take memory then;
 * the second time it is recorded; after that, one call starts all of it. Work that needs an answer of the GPU before it
 * ends cannot be recorded and is done without recording every time.
 */
final class Recordings implements AutoCloseable {
    /** A graph takes memory on the device; work beyond so many pieces is done as it comes. */
    private static final int MOST = 512;

    private final CudaContext context;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment slot = arena.allocate(ValueLayout.ADDRESS);
    private final Map<Object, State> states = new HashMap<>();
    private long releases;

    /** @param graph what was recorded; null where nothing was yet, or cannot be */
    private record State(boolean recordable, MemorySegment graph) {
        private static final State SEEN = new State(true, null);
        private static final State NEVER = new State(false, null);
    }

    Recordings(CudaContext context) {
        this.context = context;
    }

    /** Does the work, or what was recorded of it. */
    void repeat(Object key, Runnable work) {
        // What was recorded may use memory that is gone.
        if (releases != context.releases()) forget();
        State state = states.get(key);
        if (state == null && states.size() < MOST) {
            states.put(key, State.SEEN);
            work.run();
        } else if (state == null || !state.recordable) {
            work.run();
        } else if (state.graph != null) {
            launch(state.graph);
        } else {
            record(key, work);
        }
    }

    private void record(Object key, Runnable work) {
        context.enter();
        CudaStatus.driver(
                CudaDriver.cuStreamBeginCapture_v2(context.stream(), CudaDriver.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL()),
                "cuStreamBeginCapture");
        context.recording(true);
        try {
            work.run();
        } catch (NotRecordable reason) {
            abandon();
            states.put(key, State.NEVER);
            work.run();
            return;
        } catch (RuntimeException | Error failure) {
            abandon();
            throw failure;
        }
        context.recording(false);
        CudaStatus.driver(CudaDriver.cuStreamEndCapture(context.stream(), slot), "cuStreamEndCapture");
        MemorySegment recorded = slot.get(ValueLayout.ADDRESS, 0);
        int status = CudaDriver.cuGraphInstantiateWithFlags(slot, recorded, 0);
        CudaDriver.cuGraphDestroy(recorded);
        CudaStatus.driver(status, "cuGraphInstantiateWithFlags");
        State state = new State(true, slot.get(ValueLayout.ADDRESS, 0));
        states.put(key, state);
        launch(state.graph);
    }

    /** Ends a recording whose outcome is of no use. */
    private void abandon() {
        context.recording(false);
        if (CudaDriver.cuStreamEndCapture(context.stream(), slot) == 0)
            CudaDriver.cuGraphDestroy(slot.get(ValueLayout.ADDRESS, 0));
    }

    private void launch(MemorySegment graph) {
        context.enter();
        int status = CudaDriver.cuGraphLaunch(graph, context.stream());
        if (status != 0) CudaStatus.driver(status, "cuGraphLaunch");
    }

    private void forget() {
        for (State state : states.values()) if (state.graph != null) CudaDriver.cuGraphExecDestroy(state.graph);
        states.clear();
        releases = context.releases();
    }

    @Override
    public void close() {
        forget();
        if (arena.scope().isAlive()) arena.close();
    }
}
