//! A rule-based chatbot: scenario documents, their checks and a pure interpreter.
