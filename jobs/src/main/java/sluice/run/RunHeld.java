package sluice.run;

/** A run that another process holds. The same command may do once that has ended. */
public final class RunHeld extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which run, and by whom it is held; shown to the user as it is
   */
  public RunHeld(String message) {
    super(message);
  }
}
