namespace EcgStream.Evaluation.Contests;

/// <summary>What answers come to; see <see cref="ContestTally"/> for the definitions.</summary>
internal readonly record struct ContestFigures(double AbsSum, double AbsSumPerRow, double Accuracy, double MacroF1, double MicroF1);
