: mangle PREROUTING
-m socket                                    ; = ; REFUSED reassembly
-m socket --transparent --nowildcard         ; = ; REFUSED reassembly
-m socket --restore-skmark --nowildcard --transparent ; -m socket --transparent --nowildcard --restore-skmark ; REFUSED reassembly
patch 0 08                                   ;   ; FAIL flags 0x8
patch -1 02 03                               ; -m socket --transparent --nowildcard ; REFUSED reassembly
patch -1 02 04                               ;   ; FAIL flags 0x4
patch -1 01 01                               ; -m socket --transparent ; REFUSED reassembly
patch -1 01 02                               ;   ; FAIL flags 0x2
6 -m socket --transparent                    ; = ; REFUSED reassembly
