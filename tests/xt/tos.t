: filter OUTPUT,INPUT,FORWARD
-m tos --tos 0x10/0x3f            ; = ; OK
    tos=0x10                      ; yes
    tos=0xd0                      ; yes         # bits outside the mask
    tos=0x18                      ; no
    tos=0x10 frag=185             ; yes         # fragments are looked at
    tos=0x10 tcp path=forward     ; yes
    tos=0x10 path=input           ; yes
-m tos ! --tos 0xff               ; -m tos ! --tos 0xff/0xff ; OK
    tos=0xff                      ; no
    tos=0xfe                      ; yes
-m tos --tos 0                    ; -m tos --tos 0x00/0xff ; OK
    tos=0                         ; yes
    tos=1                         ; no
-m tos --tos 0x0f/0xf0            ; = ; OK                   # loads, never equal
    tos=0x0f                      ; no
    tos=0x00                      ; no
-m tos ! --tos 0x0f/0xf0          ; = ; OK
    tos=0x0f                      ; yes
-m tos --tos 0x00/0x00            ; = ; OK
    tos=0x5a                      ; yes
-m tos --tos Minimize-Delay       ; -m tos --tos 0x10/0x3f ; OK
-m tos --tos wrong                ;   ; FAIL Symbolic name
-m tos                            ;   ; FAIL must be specified
6 -m tos --tos 0xab/0xff          ; = ; OK
    tos=0xab                      ; yes
    tos=0xba                      ; no
bytes 00                          ;   ; FAIL 1 bytes of data, expected 3
