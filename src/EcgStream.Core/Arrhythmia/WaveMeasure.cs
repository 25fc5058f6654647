namespace EcgStream.Core.Arrhythmia;

/// <summary>
/// What the shape of the last 4 s of signal says, whether or not the beat detector finds beats in it. Judged once a second of a session, on the
/// leads in use; see <see cref="WaveMeter"/>. The default value says that nothing could be judged.
/// </summary>
/// <param name="EndUnixNs">Device clock at the end of the judged 4 s; 0 = never judged.</param>
/// <param name="Fibrillation">0 to 1: a fibrillatory or fluttering wave of the ventricles in place of QRS complexes, in the lead that speaks least for it.</param>
/// <param name="Wide">0 to 1: a regular, fast, wide wave without a baseline between its complexes, as in monomorphic ventricular tachycardia.</param>
/// <param name="RateBpm">Rate of that wave; 0 = none.</param>
/// <param name="AmplitudeMillivolts">Mean peak-to-peak of each second in the lead of the largest.</param>
/// <param name="Leads">Leads that were judged; 0 = none could be.</param>
public readonly record struct WaveMeasure(long EndUnixNs, float Fibrillation, float Wide, float RateBpm, float AmplitudeMillivolts, int Leads);
