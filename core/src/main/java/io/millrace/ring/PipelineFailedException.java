package io.millrace.ring;

/** A pipeline stopped; its {@link #fault} says where and why. */
public final class PipelineFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    public PipelineFailedException(Fault fault) {
        super(fault.message(), fault.cause());
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
