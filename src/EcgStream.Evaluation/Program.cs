return await EcgStream.Evaluation.EcgEvalApp.RunAsync(args);
