package sluice.clean;

/** A rule of no configuration's list: a label brings it along, and it stands behind the others. */
sealed interface LabelRule extends RowRule permits RejectUnlabelled, RejectMisaligned {
  /** What the rejects name as the rule: the key that asks for it. */
  String place();

  @Override
  default At at() {
    return At.TRAINING;
  }
}
