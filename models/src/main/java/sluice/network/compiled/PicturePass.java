package sluice.network.compiled;

/** What a convolution does with the pictures of a minibatch, one after the other. */
interface PicturePass {
  /** Before the first picture of a step. */
  void begin();

  void pass(int example);

  /** Behind the last picture of a step. */
  void end();
}
