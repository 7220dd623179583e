//! What a file of administration may say, and the reason why one is refused.

mod merchant;
mod template;
