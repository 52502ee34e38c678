package io.millrace.ring;

/** Lets tests outside this package poll the stages of the plan INVOKED in an order of their own. */
public final class StagePoller {
    private final StageChain chain;

    public StagePoller(StageChain chain) {
        this.chain = chain;
    }

    public int stageCount() {
        return chain.stages().size();
    }

    /** Ends what a killed process would not go on with either. */
    public void kill() {
        chain.rules().stop();
    }

    public int poll(int stageIndex) {
        return chain.poll(chain.stages().get(stageIndex));
    }
}
